import { expand } from './dockerfile-expand.js'
import type { Environment } from './dockerfile-values.js'

/** A `RUN --mount` as written. */
export interface Mount {
  /** A stage or an image; empty for the context, or for nothing. */
  readonly from: string
  readonly fields: readonly (readonly [key: string, value: string])[]
  readonly problem: string | undefined
}

const KEYS = new Set(
  'type from source src target dst destination readonly ro readwrite rw required size id sharing mode uid gid env'.split(
    ' '
  )
)
const TYPES = ['bind', 'cache', 'tmpfs', 'secret', 'ssh'] as const

/** Reads the fields of a mount: comma separated values, `key=value` or a key alone. */
export function parseMount(text: string): Mount {
  const words = commaSeparated(text)
  if (!words) return { from: '', fields: [], problem: `mount is not comma separated: ${text}` }
  const fields = words.map((word): readonly [string, string] => {
    const equals = word.indexOf('=')
    return equals < 0
      ? [word.toLowerCase(), '']
      : [word.slice(0, equals).toLowerCase(), word.slice(equals + 1)]
  })
  const from = fields.findLast(([key]) => key === 'from')?.[1] ?? ''
  const unknown = fields.find(([key]) => !KEYS.has(key))
  const dollar = from.indexOf('$')
  if (dollar >= 0 && dollar < from.length - 1) {
    return { from, fields, problem: "'from' doesn't support variable expansion" }
  }
  return { from, fields, problem: unknown && `unexpected key '${unknown[0]}' for a mount` }
}

function commaSeparated(text: string): readonly string[] | undefined {
  const fields: string[] = []
  let rest = text
  for (;;) {
    const [whole, quoted, plain = ''] = /^(?:"((?:[^"]|"")*)"|([^",]*))(?=,|$)/.exec(rest) ?? []
    if (whole === undefined || text === '') return undefined
    fields.push(quoted === undefined ? plain : quoted.replaceAll('""', '"'))
    if (whole.length === rest.length) return fields
    rest = rest.slice(whole.length + 1)
  }
}

/** A mount with its variables filled in: `type` is undefined where it cannot be told. */
export interface FilledMount {
  readonly type: (typeof TYPES)[number] | undefined
  /** What is mounted, below the root of `from`; undefined where it cannot be told. */
  readonly source: string | undefined
  /** Variables that kept `type` or `source` from being told. */
  readonly unknown: readonly string[]
  readonly problem: string | undefined
}

/** Fills the variables of a stage into the fields that say what is mounted. */
export function fillMount(
  mount: Mount,
  environment: Environment,
  escapeToken: string
): FilledMount {
  const fill = (fallback: string, ...keys: readonly string[]) => {
    const field = mount.fields.findLast(([key]) => keys.includes(key))
    return expand(field?.[1] ?? fallback, environment, { escapeToken })
  }
  const type = fill('bind', 'type')
  const source = fill('', 'source', 'src')
  const certain = type.unknown.length === 0
  const name = type.text.toLowerCase()
  const known = certain ? TYPES.find(each => each === name) : undefined
  const refused = known || !certain ? undefined : `unsupported mount type '${name}'`
  const told = source.unknown.length === 0 && source.error === undefined
  return {
    type: known,
    source: told ? source.text : undefined,
    unknown: [...type.unknown, ...source.unknown],
    problem: mount.problem ?? type.error ?? source.error ?? refused
  }
}
