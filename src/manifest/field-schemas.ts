import * as z from 'zod/mini'
import { BUILDER_TYPES, type ImageField } from './manifest-types.js'

// Making code for schemas at run time pays only for far more values than a manifest has.
z.config({ jitless: true })

// The messages say what is expected; what was found is added where the value's place is known.

const text = () =>
  z
    .string({ error: 'a string' })
    .check(z.refine(value => !value.includes('\0'), { error: 'a string without NUL characters' }))

const list = () => z.array(text(), { error: 'a list of strings' })

const words = () =>
  z.union([text(), list().check(z.minLength(1, { error: 'at least one word' }))], {
    error: 'a string or a list of strings'
  })

const minutes = () =>
  z
    .number({ error: 'a number of minutes' })
    .check(z.positive({ error: 'a number of minutes above 0' }))

const attempts = () =>
  z.int({ error: 'a whole number' }).check(z.nonnegative({ error: 'a whole number from 0 on' }))

/** The type of each field of an image that means something by itself; what is allowed besides is text. */
const makers = {
  builder_type: () => z.enum(BUILDER_TYPES, { error: '`packer`, `dockerfile` or `docker`' }),
  file: text,
  dockerfile: text,
  docker_file: text,
  tag: text,
  name: text,
  version: text,
  working_dir: text,
  extra_args: () => z.union([text(), list()], { error: 'a string or a list of strings' }),
  build_args: () => z.record(z.string(), text(), { error: 'a map from names to strings' }),
  tags: list,
  depends_on: list,
  inputs: list,
  test: words,
  push: () => z.boolean({ error: '`true` or `false`' }),
  timeout: minutes,
  retries: attempts,
  matrix: () =>
    z.record(z.string(), list().check(z.minLength(1, { error: 'at least one value' })), {
      error: 'a map from names to lists of strings'
    })
} satisfies Readonly<Record<ImageField, () => z.ZodMiniType>>

type Makers = typeof makers
type Schemas = { readonly [Field in ImageField]: ReturnType<Makers[Field]> }

/** All fields with a schema of their own each. */
export function allFieldSchemas(): Schemas {
  return Object.fromEntries(
    Object.entries(makers).map(([field, maker]) => [field, maker()])
  ) as unknown as Schemas
}

/** The schema of a field of an image. */
export const fieldSchema = (field: ImageField): z.ZodMiniType => makers[field]()

/** A manifest whose images have not been looked at. */
export const rootSchema = () =>
  z.looseObject(
    { images: z.array(z.unknown(), { error: 'a list of images' }) },
    { error: 'a map with `images`' }
  )

/** The fields of an image that mean something by themselves, as a manifest writes them. */
export type KnownFields = { readonly [Field in ImageField]?: z.infer<Schemas[Field]> }
