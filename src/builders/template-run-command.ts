import { known, type UnknownValue, unknown, type Value } from './template-value.js'

/** An option of `docker run` with its value, by its long name. */
interface RunOption {
  readonly name: string
  readonly value: Value
}

/** The options of `docker run` through which something of the host reaches the container. */
const TELLING = new Set([
  'volume',
  'mount',
  'volumes-from',
  'env',
  'env-file',
  'label-file',
  'security-opt',
  'name',
  'cidfile'
])

const SHORT: readonly [RegExp, string][] = [
  [/^-[ditP]*v=?(.*)$/s, 'volume'],
  [/^-[ditP]*e=?(.*)$/s, 'env']
]

/** Words that may change each time with no effect on what is built. */
const HARMLESS = /^--(name|hostname|cidfile)=/

/** The name of an option, and its value where it stands in the same word. */
function optionOf(word: string): { name: string; inline: string | undefined } | undefined {
  const long = /^--([a-z-]+)(?:=(.*))?$/s.exec(word)
  if (long?.[1]) return { name: long[1], inline: long[2] }
  for (const [pattern, name] of SHORT) {
    const match = pattern.exec(word)
    if (match) return { name, inline: match[1] || undefined }
  }
  return undefined
}

const isImage = (value: Value) => value.known && /^\{\{\s*\.Image\s*\}\}$/.test(value.text)

/** The words before the image: what follows it is the command of the container. */
function optionWords(words: readonly Value[]): readonly Value[] {
  const image = words.findIndex(isImage)
  return image < 0 ? words : words.slice(0, image)
}

/** The option that a word begins, with its value from the same word or the next one. */
function tellingOption(word: Value, next: Value | undefined): RunOption | undefined {
  const option = word.known ? optionOf(word.text) : undefined
  if (!option || !TELLING.has(option.name)) return undefined
  const value = option.inline === undefined ? next : known(option.inline)
  return value && { name: option.name, value }
}

const mayTakeNext = (word: Value | undefined): boolean =>
  word?.known === true && word.text.startsWith('-') && !word.text.includes('=')

/** Words that are neither known nor the value of an option: each may be any option. */
function doubtfulWords(words: readonly Value[]): UnknownValue[] {
  return words.filter(
    (word, at): word is UnknownValue =>
      !word.known && !mayTakeNext(words[at - 1]) && !HARMLESS.test(word.start ?? '')
  )
}

/** What `docker run` takes from the host. */
export interface RunCommandFindings {
  /** Values of `--volume`. */
  readonly volumes: readonly Value[]
  /** Files that docker itself reads. */
  readonly files: readonly Value[]
  /** Environment variables that are passed on as they are. */
  readonly environment: readonly string[]
  readonly doubts: readonly string[]
}

/** `type=bind,source=HOST,target=…` as `--volume` writes it; undefined where nothing of the host is mounted. */
function mountAsVolume(text: string): string | undefined {
  const pairs = new Map(
    text.split(',').map(pair => {
      const [name = '', ...value] = pair.split('=')
      return [name, value.join('=')]
    })
  )
  const source = pairs.get('source') ?? pairs.get('src')
  if (pairs.get('type') === 'tmpfs' || source === undefined) return undefined
  return `${source}:${pairs.get('target') ?? pairs.get('dst') ?? pairs.get('destination') ?? '/'}`
}

function mountVolumes({ value }: RunOption): Value[] {
  if (!value.known) return [value]
  const volume = mountAsVolume(value.text)
  return volume === undefined ? [] : [known(volume)]
}

function optionFiles({ name, value }: RunOption): Value[] {
  if (name !== 'security-opt') return [value]
  const file = value.known ? /^seccomp[=:](.+)$/.exec(value.text)?.[1] : undefined
  return file === undefined || file === 'unconfined' || file === 'builtin' ? [] : [known(file)]
}

/**
 * Reads the arguments of a docker builder's `run_command`. A container's name is of no account, so one that changes each
 * time is no doubt.
 * @see https://docs.docker.com/reference/cli/docker/container/run/
 */
export function readRunCommand(words: readonly Value[]): RunCommandFindings {
  const before = optionWords(words)
  const options = before.flatMap((word, at) => tellingOption(word, before[at + 1]) ?? [])
  const named = (...names: string[]) => options.filter(option => names.includes(option.name))
  const others = words.slice(before.length)
  return {
    volumes: [
      ...named('volume').map(option => option.value),
      ...named('mount').flatMap(mountVolumes)
    ],
    files: named('env-file', 'label-file', 'security-opt').flatMap(optionFiles),
    environment: named('env').flatMap(({ value }) =>
      value.known && !value.text.includes('=') ? [value.text] : []
    ),
    doubts: [
      ...doubtfulWords(before).map(
        doubt => `an argument of run_command is not known: ${doubt.why}`
      ),
      ...[...named('env').map(option => option.value), ...others]
        .filter((value): value is UnknownValue => !value.known && value.changing)
        .map(value => `run_command: ${value.why}`),
      ...named('volumes-from').map(() => 'run_command takes the volumes of another container')
    ]
  }
}

/** What is mounted, as far as it can be told. */
export interface Mount {
  readonly host?: Value
  readonly doubt?: string
}

const KERNEL = /^\/(sys|proc|dev|run|var\/run)(\/|$)/
const DRIVE = /^[A-Za-z]:[\\/]/

/** The host's side of `HOST:CONTAINER`, or undefined for an anonymous volume. */
export function volumeHost(volume: string): string | undefined {
  const start = DRIVE.test(volume) ? 2 : 0
  const colon = volume.indexOf(':', start)
  return colon < 0 ? undefined : volume.slice(0, colon)
}

/** Tells what a mount of a host path, or of a named volume, means for the inputs of a build. */
export function readMount(host: Value, absolute: (path: string) => string): Mount {
  if (!host.known) return { host, doubt: `a mount is not known: ${host.why}` }
  const path = host.text
  if (/docker\.sock$/.test(path)) return { doubt: "the container reaches the daemon's socket" }
  if (!/[\\/]/.test(path) && !path.startsWith('.')) {
    return { doubt: `the container sees the volume ${path}, whose content is not known` }
  }
  if (absolute(path) === '/') return { doubt: 'the container sees the whole file system' }
  return KERNEL.test(path) ? {} : { host: known(absolute(path)) }
}

/** The mount of one value of `--volume`. */
export function readVolume(volume: Value, absolute: (path: string) => string): Mount {
  if (!volume.known) return readMount(unknown(volume.why), absolute)
  const host = volumeHost(volume.text)
  return host === undefined ? {} : readMount(known(host), absolute)
}
