import { describe, expect, test } from 'vitest'
import { FIELD_DOCS } from '../../../src/manifest/field-docs.js'
import { IMAGE_FIELDS } from '../../../src/manifest/manifest-types.js'
import { manifestJsonSchema } from '../../../src/manifest/schema.js'

const schema = Object(manifestJsonSchema())
const image = schema.properties.images.items

describe("the manifest's JSON Schema", () => {
  test('is one of draft 2020-12, with an id and a title', () => {
    expect(schema).toMatchObject({
      $schema: 'https://json-schema.org/draft/2020-12/schema',
      $id: expect.stringMatching(/^https:.*images\.schema\.json$/),
      title: expect.any(String),
      required: ['images'],
      additionalProperties: false
    })
  })

  test('describes every field, with its default', () => {
    expect(Object.keys(image.properties).sort()).toEqual([...IMAGE_FIELDS].sort())
    for (const [name, { meaning }] of Object.entries(FIELD_DOCS)) {
      expect(image.properties[name].description).toContain(meaning)
    }
    expect(image.properties.push.description).toBe('`false`: never pushed. Default: `true`.')
  })

  test('knows the types that the program takes', () => {
    expect(image.properties.builder_type.enum).toEqual(['packer', 'dockerfile', 'docker'])
    expect(image.properties.version).toMatchObject({ type: 'string' })
    expect(image.properties.push).toMatchObject({ type: 'boolean' })
    expect(image.properties.timeout).toMatchObject({ type: 'number', exclusiveMinimum: 0 })
    expect(image.properties.retries).toMatchObject({ type: 'integer', minimum: 0 })
    expect(image.properties.extra_args.anyOf).toHaveLength(2)
    expect(image.properties.matrix.additionalProperties).toMatchObject({
      type: 'array',
      minItems: 1
    })
    expect(image).not.toHaveProperty('required')
  })

  test("leaves room for an image's own placeholders as text, and for free keys as anything", () => {
    expect(image.additionalProperties).toMatchObject({ type: 'string' })
    expect(image.patternProperties).toEqual({ '^(x-|_)': {} })
    expect(schema.patternProperties).toEqual({ '^(x-|_)': {} })
    expect(schema.properties.$schema).toMatchObject({ type: 'string' })
  })
})
