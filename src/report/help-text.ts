import { COMMAND_TABLE } from '../command-table.js'
import { FLAGS, INPUTS, type OptionRow } from '../option-table.js'
import { wrap } from './wrap.js'

const WIDTH = 22
const GAP = 2

const unquoted = (text: string) => text.replaceAll('`', '')

/** An option as it is typed. */
export const flagOf = ({ name, kind }: OptionRow): string =>
  kind === 'boolean' ? `--[no-]${name}` : `--${name}`

/** What an option means, with its default. */
export const meaningOf = ({ meaning, shownDefault }: OptionRow): string =>
  unquoted(`${meaning} (${shownDefault})`)

/** A name in a column, and what it means beside it. */
export function helpLine(name: string, meaning: string, width = WIDTH): string {
  const column = GAP + width + GAP
  const start = `  ${name.padEnd(width)}  `
  return `${start}${wrap(unquoted(meaning), column, start.length)}`
}

/** Every option of the command line. */
export const OPTIONS: readonly OptionRow[] = [...INPUTS, ...FLAGS].filter(
  ({ name }) => name !== 'command'
)

/** What every exit status means. */
export const STATUSES: readonly (readonly [status: string, meaning: string])[] = [
  ['0', 'all is well'],
  ['1', 'an image failed, or --check found a difference'],
  ['2', 'the manifest or the command line is wrong'],
  ['3', 'a tool or a service is missing'],
  ['130', 'interrupted']
]

/** The text of `build-chain --help`. */
export function helpText(): string {
  const commands = Object.entries(COMMAND_TABLE)
  return `build-chain [COMMAND] [OPTIONS] [IMAGE…]

Builds the images of docker/IMAGES.json in the right order, with Dockerfiles and Packer.

Commands:
${commands.map(([name, { summary }]) => helpLine(name, summary, 10)).join('\n')}

Options (with their defaults):
${OPTIONS.map(row => helpLine(flagOf(row), meaningOf(row))).join('\n')}

Examples:
  build-chain plan
  build-chain build --images 'corpusops/app:*'
  build-chain build --skip-images corpusops/app:1.0 --report report.json
  build-chain live --provision=2

Exit status: ${wrap(`${STATUSES.map(([status, meaning]) => `${status} ${meaning}`).join('; ')}.`, 0, 13)}

build-chain help COMMAND explains a command, with examples.
`
}

declare const BUILD_CHAIN_VERSION: string

/** The text of `build-chain --version`; the version is put in by the bundler. */
export function versionText(): string {
  return `build-chain ${BUILD_CHAIN_VERSION}\n`
}
