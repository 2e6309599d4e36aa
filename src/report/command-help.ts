import { COMMAND_TABLE } from '../command-table.js'
import type { CommandName } from '../flags.js'
import { flagOf, helpLine, meaningOf, OPTIONS } from './help-text.js'
import { wrap } from './wrap.js'

/** The options that mean something to a command, in the order of the documents. */
export const optionsOf = (command: CommandName) => [
  ...(COMMAND_TABLE[command].ownOptions ?? []),
  ...OPTIONS.filter(({ name }) => COMMAND_TABLE[command].options.includes(name))
]

/** `build-chain build [OPTIONS] [IMAGE…]` */
export function usageOf(command: CommandName): string {
  const { words, options } = COMMAND_TABLE[command]
  return ['build-chain', command, options.length > 0 ? '[OPTIONS]' : '', words]
    .filter(Boolean)
    .join(' ')
}

/** The text of `build-chain COMMAND --help`. */
export function commandHelp(command: CommandName): string {
  const { description, examples } = COMMAND_TABLE[command]
  const options = optionsOf(command)
  const sections = [
    usageOf(command),
    wrap(description, 0),
    ...(options.length > 0
      ? [
          `Options (with their defaults):\n${options.map(row => helpLine(flagOf(row), meaningOf(row))).join('\n')}`
        ]
      : []),
    `Examples:\n${examples.map(({ line, does }) => `  ${line}\n      ${does}`).join('\n')}`
  ]
  return `${sections.join('\n\n')}\n`
}
