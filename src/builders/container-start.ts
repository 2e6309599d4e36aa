import { formatPlace } from '../errors.js'
import type { TemplateBuilder } from './template.js'
import { known, type Value } from './template-value.js'

/** How a container of a template is started. */
export interface ContainerStart {
  /** What stands in for `{{.Image}}`. */
  readonly image: string
  /** Options of `docker run` of our own, put first. */
  readonly own: readonly string[]
  /** Options that stand after those of Packer, and before `run_command`. */
  readonly extra?: readonly string[]
  /** The user's home folder, for which `~/` stands in `volumes`. */
  readonly home: string | undefined
  /** Entrypoint that is set where `run_command` sets none. */
  readonly entrypoint?: readonly string[] | undefined
}

/** https://developer.hashicorp.com/packer/integrations/hashicorp/docker/latest/components/builder/docker#run_command */
const DEFAULT_RUN_COMMAND = ['-d', '-i', '-t', '--entrypoint=/bin/sh', '--', '{{.Image}}'].map(
  known
)

const IMAGE = /\{\{\s*\.Image\s*\}\}/

const hasOption = (words: readonly string[], name: string) =>
  words.some(word => word === name || word.startsWith(`${name}=`))

/** The words less `--name` with its value: the name is ours to give, since Packer's differs each time. */
function nameless(words: readonly Value[]): readonly Value[] {
  const start = (word: Value | undefined) => (word?.known ? word.text : word?.start) ?? ''
  return words.filter((word, at) => {
    if (start(word) === '--name' || start(word).startsWith('--name=')) return false
    return start(words[at - 1]) !== '--name'
  })
}

/** The words of `run_command` with the image, and with the entrypoint where none is set. */
function imageWords(words: readonly string[], start: ContainerStart): readonly string[] {
  const filled = words.map(word => word.replace(IMAGE, () => start.image))
  const at = words.findIndex(word => IMAGE.test(word))
  const { entrypoint } = start
  if (!entrypoint || at < 0 || hasOption(words.slice(0, at), '--entrypoint')) return filled
  const options = filled.slice(0, words[at - 1] === '--' ? at - 1 : at)
  const [program = '', ...args] = entrypoint
  return [
    ...options,
    '--entrypoint',
    program,
    ...filled.slice(options.length, at + 1),
    ...args,
    ...filled.slice(at + 1)
  ]
}

function volumeWord(host: string, container: string, home: string | undefined): string {
  const path = home !== undefined && host.startsWith('~/') ? home + host.slice(1) : host
  return `${path}:${container}`
}

/**
 * The words after `docker` with which Packer would start the container of a build. The folder that it
 * shares with the container is an empty volume, and the container has no name but one of `own`.
 * @returns in words what is not known where something is not
 */
export function startArguments(
  builder: TemplateBuilder,
  start: ContainerStart
): readonly string[] | string {
  const unknown: string[] = []
  const text = (value: Value): string => {
    if (value.known) return value.text
    unknown.push(value.why)
    return ''
  }
  const each = (option: string, values: readonly Value[]) =>
    values.flatMap(value => [option, text(value)])
  const one = (option: string, value: Value | undefined) => (value ? [option, text(value)] : [])
  const args = [
    'run',
    ...start.own,
    ...each('--device', builder.device),
    ...each('--cap-add', builder.capAdd),
    ...each('--cap-drop', builder.capDrop),
    ...(builder.privileged ? ['--privileged'] : []),
    ...one('--runtime', builder.runtime),
    ...one('--platform', builder.platform),
    ...each('--tmpfs', builder.tmpfs),
    ...builder.volumes.flatMap(([host, container]) => [
      '-v',
      volumeWord(text(host), text(container), start.home)
    ]),
    '-v',
    builder.containerDir ? text(builder.containerDir) : '/packer-files',
    ...(start.extra ?? []),
    ...imageWords(nameless(builder.runCommand ?? DEFAULT_RUN_COMMAND).map(text), start)
  ]
  const [why] = unknown
  return why === undefined ? args : `${formatPlace(builder.place)}: ${why}`
}
