import { csvFields } from './csv.js'
import { type FlagWord, flagWords } from './flag-words.js'
import { goBool } from './go-bool.js'

/** A value of `--secret`: a file, a variable, or where neither is written the one of its name that is there. */
export interface DockerSecret {
  readonly id: string
  readonly file: string | undefined
  readonly variable: string | undefined
}

/** What the arguments of `docker build` say that matters to a chain. */
export interface DockerArguments {
  /** Values of `--build-arg`, later ones winning; undefined: taken from the environment. */
  readonly buildArguments: ReadonlyMap<string, string | undefined>
  readonly target: string | undefined
  /** Such as `linux/arm64`. */
  readonly platform: string | undefined
  /** Further contexts by name: a folder, an address, or `docker-image://REFERENCE`. */
  readonly contexts: ReadonlyMap<string, string>
  /** What `--secret` brings. */
  readonly secrets: readonly DockerSecret[]
  /** `--no-cache` or `--pull`: the user asks for a build each time. */
  readonly fresh: string | undefined
  /** `--push`, or an output that leaves the daemon without the image. */
  readonly publishes: boolean
}

/** https://docs.docker.com/reference/cli/docker/buildx/build/#options and the classic builder's. */
const WITH_VALUE = new Set(
  `add-host allow annotation attest build-arg build-context builder cache-from cache-to call
   cgroup-parent cpu-period cpu-quota cpu-shares cpuset-cpus cpuset-mems file iidfile isolation
   label memory memory-swap metadata-file network no-cache-filter output platform policy print
   progress provenance resource sbom secret security-opt shm-size ssh stream tag target ulimit`.split(
    /\s+/
  )
)

const SHORT = {
  f: 'file',
  t: 'tag',
  o: 'output',
  m: 'memory',
  c: 'cpu-shares',
  q: 'quiet',
  D: 'debug'
}

/** Whether a flag that is there is on. */
export const isOn = (value: string | undefined) => value === undefined || goBool(value) === true

/** Name and value around the first `=`; no value where there is none. */
export function pair(text: string): [string, string | undefined] {
  const at = text.indexOf('=')
  return at < 0 ? [text, undefined] : [text.slice(0, at), text.slice(at + 1)]
}

/** https://docs.docker.com/reference/cli/docker/buildx/build/#secret */
function secretOf(text: string): DockerSecret {
  const fields = new Map(
    csvFields(text).map(field => {
      const [name, value] = pair(field)
      return [name.toLowerCase(), value]
    })
  )
  const id = fields.get('id') ?? ''
  const source = fields.get('src') ?? fields.get('source')
  const variable = fields.get('env') ?? (fields.get('type') === 'env' ? source : undefined)
  if (variable !== undefined) return { id, file: undefined, variable }
  return { id, file: source ?? id, variable: source === undefined ? id : undefined }
}

/** How progress is shown, and what is written besides the image. */
export const HARMLESS_DOCKER_FLAGS: ReadonlySet<string> = new Set([
  'progress',
  'quiet',
  'debug',
  'builder',
  'metadata-file',
  'iidfile',
  'cache-to'
])

/** The arguments that were read last, by their identity: several things are asked of each image's, one after another. */
let lastRead: { readonly args: readonly string[]; readonly flags: readonly FlagWord[] } | undefined

/** The flags of a `docker build`, by their long names. */
export function dockerFlags(args: readonly string[]): readonly FlagWord[] {
  if (lastRead?.args === args) return lastRead.flags
  const flags = flagWords(args, { withValue: WITH_VALUE, short: SHORT })
  lastRead = { args, flags }
  return flags
}

/** Arguments of `docker build` less those that change no content of the image. */
export function contentDockerArguments(args: readonly string[]): readonly string[] {
  const left = new Set<number>()
  const kept = new Set<number>()
  for (const { name, value, at, end } of dockerFlags(args)) {
    const isHarmless =
      HARMLESS_DOCKER_FLAGS.has(name) && (value === undefined || WITH_VALUE.has(name))
    // In `-qf FILE` another flag follows in the same word.
    for (let word = at; word < end; word += 1) (isHarmless ? left : kept).add(word)
  }
  for (const word of kept) left.delete(word)
  return left.size === 0 ? args : args.filter((_, at) => !left.has(at))
}

/** The same map for all that have none: there may be thousands of images. */
const NONE: ReadonlyMap<string, never> = new Map<string, never>()

const mapOf = <T>(pairs: readonly (readonly [string, T])[]): ReadonlyMap<string, T> =>
  pairs.length === 0 ? NONE : new Map(pairs)

/** Reads the arguments of `docker build`, as `builderCommand` makes them. */
export function readDockerArguments(args: readonly string[]): DockerArguments {
  const flags = dockerFlags(args)
  const values = (name: string) =>
    flags.flatMap(flag => (flag.name === name && flag.value !== undefined ? [flag.value] : []))
  const fresh = ['no-cache', 'pull', 'no-cache-filter'].find(name =>
    flags.some(flag => flag.name === name && (name === 'no-cache-filter' || isOn(flag.value)))
  )
  return {
    buildArguments: mapOf(values('build-arg').map(pair)),
    target: values('target').at(-1),
    platform: values('platform').at(-1),
    contexts: mapOf(values('build-context').map(text => [pair(text)[0], pair(text)[1] ?? ''])),
    secrets: values('secret').map(secretOf),
    fresh: fresh && `--${fresh}`,
    publishes:
      flags.some(({ name, value }) => name === 'push' && isOn(value)) ||
      values('output').some(text => /type=registry|push=true/.test(text))
  }
}
