import * as z from 'zod/mini'

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

/**
 * The fields of an image that mean something by themselves; more are allowed, to be used as
 * placeholders. Each schema is made when it is first asked for, since start-up counts.
 */
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
}

const isText = (value: unknown) => typeof value === 'string' && !value.includes('\0')

const isTexts = (value: unknown) => Array.isArray(value) && value.every(isText)

const BUILDER_TYPES = ['packer', 'dockerfile', 'docker'] as const

/** Values that are right beyond doubt, for which no schema has to be made. */
const PLAIN: Readonly<Partial<Record<keyof typeof makers, (value: unknown) => boolean>>> = {
  builder_type: value => BUILDER_TYPES.includes(value as (typeof BUILDER_TYPES)[number]),
  extra_args: value => isText(value) || isTexts(value),
  tags: isTexts,
  depends_on: isTexts,
  inputs: isTexts,
  push: value => typeof value === 'boolean'
}

/** Whether a value is right beyond doubt: most are, and start-up counts. The schema decides the others. */
export function isPlainlyRight(field: ImageField, value: unknown): boolean {
  return makers[field] === text ? isText(value) : (PLAIN[field]?.(value) ?? false)
}

type Makers = typeof makers
type Schemas = { readonly [Field in keyof Makers]: ReturnType<Makers[Field]> }

const made = new Map<() => z.ZodMiniType, z.ZodMiniType>()

/** The schema of a field of an image; fields of one kind share it. */
export function fieldSchema<Field extends keyof Makers>(field: Field): Schemas[Field] {
  const maker = makers[field]
  const schema = made.get(maker) ?? maker()
  made.set(maker, schema)
  return schema as Schemas[Field]
}

/** All fields with a schema of their own each, for the JSON Schema. */
export function allFieldSchemas(): Schemas {
  return Object.fromEntries(
    Object.entries(makers).map(([field, maker]) => [field, maker()])
  ) as unknown as Schemas
}

/** Name of a field of an image that means something by itself. */
export type ImageField = keyof Makers

/** All such names. */
export const IMAGE_FIELDS = Object.keys(makers) as readonly ImageField[]

/** A manifest whose images have not been looked at. */
export const rootSchema = () =>
  z.looseObject(
    { images: z.array(z.unknown(), { error: 'a list of images' }) },
    { error: 'a map with `images`' }
  )

const FIELDS: ReadonlySet<string> = new Set(IMAGE_FIELDS)

/** Whether a name is that of a field that means something by itself. */
export const isImageField = (name: string): name is ImageField => FIELDS.has(name)

/** An image as a manifest writes it. */
export type ImageEntry = {
  readonly [Field in ImageField]?: z.infer<Schemas[Field]>
} & { readonly [field: string]: unknown }
