import type { PlannedImage } from '../chain/plan.js'
import { dockerFlags, HARMLESS_DOCKER_FLAGS, isOn, pair } from './docker-arguments.js'

/** A target of a bake file: https://docs.docker.com/build/bake/reference/#target */
export type BakeTarget = Readonly<Record<string, BakeValue>>

type BakeValue = string | boolean | readonly string[] | Readonly<Record<string, string>>

/** An image's target, and what it needs besides. */
export interface BakedImage {
  readonly target: BakeTarget
  /** Variables of the environment that its arguments take their values from. */
  readonly variables: readonly string[]
  /** Flags of its build that a bake file has no word for. */
  readonly left: readonly string[]
}

/** Names of a bake file's lists by the flags that give one item each. */
const LISTS: Readonly<Record<string, string>> = {
  allow: 'entitlements',
  annotation: 'annotations',
  attest: 'attest',
  'cache-from': 'cache-from',
  'cache-to': 'cache-to',
  'no-cache-filter': 'no-cache-filter',
  output: 'output',
  secret: 'secret',
  ssh: 'ssh',
  tag: 'tags',
  ulimit: 'ulimits'
}

const TEXTS = new Set(['call', 'network', 'shm-size', 'target'])
const SWITCHES = new Set(['no-cache', 'pull'])
/** HCL's own: https://github.com/hashicorp/hcl/blob/main/hclsyntax/spec.md#identifiers */
const VARIABLE = /^[A-Za-z_]\w*$/

/** Texts of a bake file are templates: https://github.com/hashicorp/hcl/blob/main/json/spec.md#strings */
const literal = (text: string) => text.replace(/([$%])\{/g, '$1$1{')

class TargetDraft {
  readonly #fields = new Map<string, BakeValue>()
  readonly variables: string[] = []

  set(name: string, value: string | boolean): void {
    this.#fields.set(name, typeof value === 'string' ? literal(value) : value)
  }

  add(name: string, ...items: readonly string[]): void {
    const list = this.#fields.get(name)
    this.#fields.set(name, [...(Array.isArray(list) ? list : []), ...items.map(literal)])
  }

  put(name: string, key: string, value: string): void {
    const map = this.#fields.get(name)
    const entries = typeof map === 'object' && !Array.isArray(map) ? map : {}
    this.#fields.set(name, { ...entries, [literal(key)]: value })
  }

  build(): BakeTarget {
    return Object.fromEntries(this.#fields)
  }
}

/** Flags whose values a bake file has as a map, or in other words. */
const FLAGS: Readonly<Record<string, (draft: TargetDraft, value: string) => boolean>> = {
  'build-arg': (draft, value) => {
    const [name, given] = pair(value)
    const isVariable = VARIABLE.test(name)
    if (given === undefined && isVariable) draft.variables.push(name)
    if (given === undefined && !isVariable) return false
    draft.put('args', name, given === undefined ? `\${${name}}` : literal(given))
    return true
  },
  label: (draft, value) => {
    const [name, given = ''] = pair(value)
    draft.put('labels', name, literal(given))
    return true
  },
  'build-context': (draft, value) => {
    const [name, given] = pair(value)
    if (given !== undefined) draft.put('contexts', name, literal(given))
    return given !== undefined
  },
  'add-host': (draft, value) => {
    const [, host, address] = /^([^=:]+)[=:](.+)$/s.exec(value) ?? []
    if (host !== undefined) draft.put('extra-hosts', host, literal(address ?? ''))
    return host !== undefined
  },
  platform: (draft, value) => {
    draft.add('platforms', ...value.split(','))
    return true
  },
  provenance: (draft, value) => {
    draft.add('attest', attestation('provenance', value))
    return true
  },
  sbom: (draft, value) => {
    draft.add('attest', attestation('sbom', value))
    return true
  }
}

/** https://docs.docker.com/reference/cli/docker/buildx/build/#provenance */
function attestation(type: string, value: string): string {
  if (value.includes('=')) return `type=${type},${value}`
  return isOn(value) ? `type=${type}` : `type=${type},disabled=true`
}

/** Takes one flag over; false where there is no word for it. */
function takeOver(draft: TargetDraft, name: string, value: string | undefined): boolean {
  if (SWITCHES.has(name)) draft.set(name, isOn(value))
  else if (name === 'push' && isOn(value)) draft.add('output', 'type=registry')
  else if (name === 'load' && isOn(value)) draft.add('output', 'type=docker')
  else if (value === undefined) return false
  else if (TEXTS.has(name)) draft.set(name, value)
  else if (name === 'file') draft.set('dockerfile', value)
  else if (Object.hasOwn(LISTS, name)) draft.add(LISTS[name] ?? '', value)
  else return Object.hasOwn(FLAGS, name) ? (FLAGS[name]?.(draft, value) ?? false) : false
  return true
}

/**
 * What `docker build` is told about an image, in the words of a bake file.
 * @param contexts targets of its bases by the references that name those
 */
export function bakeTarget(
  { image, command }: PlannedImage,
  contexts: ReadonlyMap<string, string>
): BakedImage {
  const draft = new TargetDraft()
  draft.set('context', image.workingDirectory)
  const left: string[] = []
  for (const { name, value } of dockerFlags(command.args.slice(1, -1))) {
    if (HARMLESS_DOCKER_FLAGS.has(name) && name !== 'cache-to') continue
    if (!takeOver(draft, name, value)) left.push(`--${name}`)
  }
  for (const [reference, target] of contexts) draft.put('contexts', reference, `target:${target}`)
  return { target: draft.build(), variables: draft.variables, left }
}
