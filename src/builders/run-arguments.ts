/** Options of `docker run` that take no value: https://docs.docker.com/reference/cli/docker/container/run/ */
const SWITCHES = new Set([
  'detach',
  'disable-content-trust',
  'help',
  'init',
  'interactive',
  'no-healthcheck',
  'oom-kill-disable',
  'privileged',
  'publish-all',
  'quiet',
  'read-only',
  'rm',
  'sig-proxy',
  'tty',
  'use-api-socket'
])

const SHORT_SWITCHES = 'ditPq'

/** One word of a call, or an option with its value. */
interface Piece {
  readonly words: readonly string[]
  /** The option's value where it mounts something; `words` without it begin the option. */
  readonly mount?: { readonly option: 'volume' | 'mount'; readonly value: string }
}

const asMount = (option: string, value: string, words: readonly string[]): Piece =>
  option === 'volume' || option === 'mount' ? { words, mount: { option, value } } : { words }

/** The option that a word begins, with `next` as its value where it takes one. */
function longOption(word: string, next: string | undefined): Piece {
  const equals = word.indexOf('=')
  if (equals > 0) return asMount(word.slice(2, equals), word.slice(equals + 1), [word])
  const name = word.slice(2)
  if (SWITCHES.has(name) || next === undefined) return { words: [word] }
  return asMount(name, next, [word, next])
}

/** Letters in one word: switches, then perhaps one option with its value in the word or after it. */
function shortOptions(word: string, next: string | undefined): Piece {
  const at = [...word].findIndex((letter, place) => place > 0 && !SHORT_SWITCHES.includes(letter))
  if (at < 0) return { words: [word] }
  const rest = word.slice(at + 1).replace(/^=/, '')
  const takesNext = word.length === at + 1
  if (takesNext && next === undefined) return { words: [word] }
  const words = takesNext ? [word, next ?? ''] : [word]
  // The switches before it stay; the mount itself is written anew.
  return word[at] === 'v' ? asMount('volume', takesNext ? (next ?? '') : rest, words) : { words }
}

/** The words before the image, an option with its value as one piece; and the image with what follows. */
function takeApart(args: readonly string[]): { pieces: readonly Piece[]; rest: readonly string[] } {
  const pieces: Piece[] = []
  let at = 0
  for (let word = args[at]; word !== undefined; word = args[at]) {
    if (word === '--' || word === '-' || !word.startsWith('-')) break
    const piece = word.startsWith('--')
      ? longOption(word, args[at + 1])
      : shortOptions(word, args[at + 1])
    pieces.push(piece)
    at += piece.words.length
  }
  return { pieces, rest: args.slice(at) }
}

/** What is mounted from the daemon's machine: a path there, and where the container has it. */
export interface BindMount {
  readonly host: string
  readonly target: string
}

/** `HOST:TARGET[:OPTIONS]`; undefined for a named or an anonymous volume. */
function readVolume(value: string): (BindMount & { readonly options: string }) | undefined {
  const [host = '', target, ...options] = value.split(':')
  if (target === undefined || !/^[/.]/.test(host)) return undefined
  return { host, target, options: options.map(option => `:${option}`).join('') }
}

/** Fields of a CSV record: https://www.rfc-editor.org/rfc/rfc4180 */
function csvFields(record: string): string[] {
  const fields = record.match(/(?:"(?:[^"]|"")*"|[^,])+/g) ?? []
  return fields.map(field => field.replace(/^"([^]*)"$/, '$1').replaceAll('""', '"'))
}

const csvField = (text: string) => (/[",\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text)

const SOURCE = /^(?:source|src)=/
const TARGET = /^(?:target|dst|destination)=/

/** `type=bind,source=HOST,target=TARGET`; undefined where nothing of the machine is mounted. */
function readMount(value: string): (BindMount & { readonly fields: string[] }) | undefined {
  const fields = csvFields(value)
  const host = fields.find(field => SOURCE.test(field))?.replace(SOURCE, '')
  const target = fields.find(field => TARGET.test(field))?.replace(TARGET, '')
  if (!fields.includes('type=bind') || host === undefined || target === undefined) return undefined
  return { host, target, fields }
}

/** What is to be mounted in place of a bind mount; `tmpfs`: an empty file system in memory. */
export type MountInstead = readonly BindMount[] | 'tmpfs'

function rewritten({ words, mount }: Piece, instead: (mount: BindMount) => MountInstead): string[] {
  if (!mount) return [...words]
  const volume = mount.option === 'volume' ? readVolume(mount.value) : undefined
  const bind = volume ?? (mount.option === 'mount' ? readMount(mount.value) : undefined)
  if (!bind) return [...words]
  const mounts = instead(bind)
  const switches = shortSwitches(words[0] ?? '')
  if (mounts === 'tmpfs') return [...switches, '--tmpfs', bind.target]
  return [
    ...switches,
    ...mounts.flatMap(({ host, target }) =>
      'fields' in bind
        ? ['--mount', mountText(bind.fields, host, target)]
        : ['--volume', `${host}:${target}${volume?.options ?? ''}`]
    )
  ]
}

/** The switches that stand in one word before `-v`. */
function shortSwitches(word: string): string[] {
  const letters = /^-([ditPq]+)v/.exec(word)?.[1]
  return letters === undefined ? [] : [`-${letters}`]
}

const mountText = (fields: readonly string[], host: string, target: string): string =>
  fields
    .map(field => {
      if (SOURCE.test(field)) return `source=${host}`
      return TARGET.test(field) ? `target=${target}` : field
    })
    .map(csvField)
    .join(',')

/**
 * The words after `docker run`, each of their bind mounts replaced by what `instead` gives; all else,
 * and what follows the image, stays as it is.
 */
export function replaceMounts(
  args: readonly string[],
  instead: (mount: BindMount) => MountInstead
): string[] {
  const { pieces, rest } = takeApart(args)
  return [...pieces.flatMap(piece => rewritten(piece, instead)), ...rest]
}
