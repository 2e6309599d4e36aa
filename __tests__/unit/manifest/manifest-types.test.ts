import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { fieldSchema } from '../../../src/manifest/field-schemas.js'
import {
  BUILDER_TYPES,
  IMAGE_FIELDS,
  isPlainlyRight
} from '../../../src/manifest/manifest-types.js'

const words = fc.oneof(fc.string(), fc.constantFrom(...BUILDER_TYPES, '\0', 'a\0b'))

/** Values of a manifest, many of them nearly what a field takes. */
const values = fc.oneof(
  words,
  fc.array(words),
  fc.dictionary(fc.string(), fc.oneof(words, fc.array(words))),
  fc.oneof(fc.integer(), fc.double(), fc.constantFrom(0, -0, 2 ** 53, 0.5)),
  fc.jsonValue()
)

/** A schema does not look at it; the name is refused, see build_args in resolve.test.ts. */
const PROTOTYPE = '__proto__'

const hasPrototypeKey = (value: unknown) =>
  typeof value === 'object' && value !== null && Object.hasOwn(value, PROTOTYPE)

describe.each(IMAGE_FIELDS)('a value of %s', field => {
  const schema = fieldSchema(field)

  it('is right at sight where its schema takes it, and else not', () => {
    fc.assert(
      fc.property(
        values.filter(value => !hasPrototypeKey(value)),
        value => {
          expect(isPlainlyRight(field, value)).toBe(schema.safeParse(value).success)
        }
      ),
      { numRuns: 300 }
    )
  })
})
