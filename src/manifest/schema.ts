import * as z from 'zod/mini'
import { FIELD_DOCS } from './field-docs.js'
import { allFieldSchemas } from './field-schemas.js'

type JsonSchema = Readonly<Record<string, unknown>>

const manifestSchema = z.looseObject({
  images: z.array(z.partial(z.looseObject(allFieldSchemas())))
})

/** Keys of the user's own, at the root and in an image. */
const FREE_KEYS = { '^(x-|_)': {} }

const OWN_FIELD = {
  type: 'string',
  description: "A text of the image's own, filled in where a placeholder names it."
}

/**
 * The manifest's JSON Schema, draft 2020-12. Fields of an image that it does not know have to be text,
 * since they may be placeholders; only `resolveManifest` can tell whether they are used.
 */
export function manifestJsonSchema(): JsonSchema {
  const { properties, ...root } = z.toJSONSchema(manifestSchema, { io: 'input' })
  const images = Object(properties?.images)
  const { $schema, ...rest } = root
  return {
    $schema,
    $id: 'https://raw.githubusercontent.com/corpusops/build-chain/v1/images.schema.json',
    title: 'A chain of container images',
    ...rest,
    properties: {
      $schema: { type: 'string', description: 'Address of this schema.' },
      images: { ...images, description: 'The images, bases first.', items: image(images.items) }
    },
    patternProperties: FREE_KEYS,
    additionalProperties: false
  }
}

function image(schema: { readonly properties: Readonly<Record<string, JsonSchema>> }): JsonSchema {
  const described = Object.entries(FIELD_DOCS).map(([name, doc]) => [
    name,
    { ...schema.properties[name], description: describe(doc.meaning, doc.default) }
  ])
  return {
    ...schema,
    properties: Object.fromEntries(described),
    patternProperties: FREE_KEYS,
    additionalProperties: OWN_FIELD
  }
}

function describe(meaning: string, fallback: string): string {
  return fallback === '' ? meaning : `${meaning} Default: ${fallback}.`
}
