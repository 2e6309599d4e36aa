import type { GoScope } from './template-go.js'
import { blame, changing, known, unknown, type Value } from './template-value.js'

/** What a template function is called with. */
export type GoArgument = Value | number

type Call = (texts: readonly string[], scope: GoScope, numbers: readonly number[]) => Value

interface GoFunction {
  /** One letter an argument: `s` text, `n` number. */
  readonly takes: string
  readonly call: Call
}

const ASCII = /^[\u0000-\u007f]*$/

/** Go and JavaScript differ in the case of some letters, so only ASCII is certain. */
function cased(text: string, change: (text: string) => string): Value {
  return ASCII.test(text)
    ? known(change(text))
    : unknown('upper and lower case beyond ASCII are left to Packer')
}

function split(text: string, separator: string, index: number): Value {
  const parts = separator === '' ? [...text] : text.split(separator)
  const part = parts[index]
  return part === undefined ? unknown(`split found no part ${index}`) : known(part)
}

function replaced(texts: readonly string[], count: number): Value {
  const [old = '', replacement = '', text = ''] = texts
  if (old === '') return unknown('replace of an empty text is left to Packer')
  const parts = text.split(old)
  const limit = count < 0 ? parts.length - 1 : Math.min(count, parts.length - 1)
  const head = parts.slice(0, limit + 1).join(replacement)
  return known([head, ...parts.slice(limit + 1)].join(old))
}

const here = (name: string, value: Value | undefined): Value =>
  value ?? unknown(`${name} is not available here`)

const directory = (name: string, path: string | undefined): Value =>
  here(name, path === undefined ? undefined : known(path))

/** A function that takes no argument of note and answers something else each time. */
const volatile = (why: string, takes: string): GoFunction => ({ takes, call: () => changing(why) })

const FUNCTIONS: Readonly<Record<string, GoFunction | undefined>> = {
  user: { takes: 's', call: ([name = ''], scope) => scope.user(name) },
  env: { takes: 's', call: ([name = ''], scope) => here('env', scope.env?.(name)) },
  pwd: { takes: '', call: (_, scope) => known(scope.workingDirectory) },
  template_dir: {
    takes: '',
    call: (_, scope) => directory('template_dir', scope.templateDirectory)
  },
  build_name: { takes: '', call: (_, scope) => here('build_name', scope.buildName) },
  build_type: { takes: '', call: (_, scope) => directory('build_type', scope.buildType) },
  upper: { takes: 's', call: ([text = '']) => cased(text, value => value.toUpperCase()) },
  lower: { takes: 's', call: ([text = '']) => cased(text, value => value.toLowerCase()) },
  split: { takes: 'ssn', call: ([text = '', by = ''], _, [at = 0]) => split(text, by, at) },
  replace: { takes: 'ssns', call: (texts, _, [count = 0]) => replaced(texts, count) },
  replace_all: { takes: 'sss', call: texts => replaced(texts, -1) },
  timestamp: volatile('timestamp changes each time', ''),
  isotime: volatile('isotime changes each time', '*'),
  strftime: volatile('strftime changes each time', 's'),
  uuid: volatile('uuid changes each time', ''),
  consul_key: volatile('consul_key asks a service', 's'),
  vault: volatile('vault asks a service', 'ss'),
  aws_secretsmanager: volatile('aws_secretsmanager asks a service', '*'),
  aws_secretsmanager_raw: volatile('aws_secretsmanager_raw asks a service', 's'),
  build: {
    takes: 's',
    call: ([key = '']) =>
      key === 'PackerRunUUID'
        ? changing('PackerRunUUID changes each time')
        : unknown(`build ${key} is not known before the build`)
  },
  packer_version: {
    takes: '',
    call: () => changing('packer_version depends on the Packer that runs')
  }
}

function fits(takes: string, args: readonly GoArgument[]): boolean {
  if (takes === '*') return args.every(argument => typeof argument !== 'number')
  const kinds = args.map(argument => (typeof argument === 'number' ? 'n' : 's')).join('')
  return kinds === takes
}

/**
 * Calls a function of Packer's template engine; one that is not known, or is called wrongly, gives no value.
 * @see https://developer.hashicorp.com/packer/docs/templates/legacy_json_templates/engine
 */
export function callGoFunction(name: string, args: readonly GoArgument[], scope: GoScope): Value {
  const called = Object.hasOwn(FUNCTIONS, name) ? FUNCTIONS[name] : undefined
  const missing = args.filter(value => typeof value === 'object').filter(value => !value.known)
  if (missing.length > 0) return name === 'env' ? changing('env of some variable') : blame(missing)
  if (!called || !fits(called.takes, args)) return unknown(`${name} is left to Packer`)
  return called.call(
    args.flatMap(value => (typeof value === 'object' && value.known ? [value.text] : [])),
    scope,
    args.filter(value => typeof value === 'number')
  )
}
