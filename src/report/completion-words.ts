import { COMMAND_TABLE } from '../command-table.js'
import { COMMANDS, type CommandName } from '../flags.js'
import { LIVE_FLAGS, type OptionRow } from '../option-table.js'
import { optionsOf } from './command-help.js'
import { OPTIONS } from './help-text.js'

/** Options whose value is a path, and those whose values are images. */
const PATHS = new Set([
  'images-files',
  'working-directory',
  'docker-folder',
  'packer-template',
  'packer-releases-key',
  'ansible-folder',
  'salt-folder',
  'report',
  'report-html',
  'trace',
  'var-file',
  'from'
])
const IMAGES = new Set(['images', 'skip-images'])

/** What stands after an option. */
export type ValueKind = 'none' | 'path' | 'image' | 'choice' | 'text'

/** What kind of word an option takes. */
export function valueKind({ name, kind, choices }: OptionRow): ValueKind {
  if (kind === 'boolean') return 'none'
  if (PATHS.has(name)) return 'path'
  if (IMAGES.has(name)) return 'image'
  return choices ? 'choice' : 'text'
}

/** An option as the words that stand for it, with its meaning in a few words. */
export interface Flag {
  readonly words: readonly string[]
  readonly row: OptionRow
  readonly about: string
}

/** The first words of a meaning, less the command that it speaks of. */
const shortly = (meaning: string) =>
  meaning
    .replace(/^`[\w-]+`: /, '')
    .replaceAll('`', '')
    .split(/[;:(]/)[0]
    ?.trim() ?? ''

const flag = (row: OptionRow): Flag => ({
  row,
  words: row.kind === 'boolean' ? [`--${row.name}`, `--no-${row.name}`] : [`--${row.name}`],
  about: shortly(row.meaning)
})

/** Every option. */
export const allFlags = (): readonly Flag[] => [...OPTIONS, ...LIVE_FLAGS].map(flag)

/** The options of a command. */
export const flagsOf = (command: CommandName): readonly Flag[] => optionsOf(command).map(flag)

/** Every command with its summary in a few words. */
export const commandWords = (): readonly (readonly [name: CommandName, about: string])[] =>
  COMMANDS.map(name => [name, shortly(COMMAND_TABLE[name].summary)])
