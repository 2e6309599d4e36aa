import { COMMAND_TABLE } from '../command-table.js'
import { COMMANDS } from '../flags.js'
import { optionsOf } from './command-help.js'
import { allFlags, commandWords, type Flag, valueKind } from './completion-words.js'

const quote = (text: string) => `'${text.replaceAll('\\', '\\\\').replaceAll("'", "\\'")}'`
const IMAGES = "'(build-chain list --quiet 2>/dev/null)'"

const VALUES = { none: '', path: ' -r -F', image: ` -x -a ${IMAGES}`, text: ' -x' } as const

/** The commands that an option means something to; without a command it is one of `build`. */
function condition({ row }: Flag): string {
  const commands = COMMANDS.filter(name => optionsOf(name).some(each => each.name === row.name))
  if (commands.length === 0) return "'not __fish_seen_subcommand_from $build_chain_commands'"
  const seen = `__fish_seen_subcommand_from ${commands.join(' ')}`
  return commands.includes('build')
    ? quote(`${seen}; or not __fish_seen_subcommand_from $build_chain_commands`)
    : quote(seen)
}

function lines(flag: Flag): readonly string[] {
  const kind = valueKind(flag.row)
  const value =
    kind === 'choice' ? ` -x -a ${quote(flag.row.choices?.join(' ') ?? '')}` : VALUES[kind]
  return flag.words.map(
    word =>
      `complete -c build-chain -n ${condition(flag)} -l ${word.slice(2)}${value} -d ${quote(flag.about)}`
  )
}

/** The script for fish; images are asked for when they are completed. */
export function fishCompletion(): string {
  const commands = commandWords().map(
    ([name, about]) =>
      `complete -c build-chain -n 'not __fish_seen_subcommand_from $build_chain_commands' -a ${name} -d ${quote(about)}`
  )
  const withImages = COMMANDS.filter(name => COMMAND_TABLE[name].words.includes('IMAGE'))
  return `# Completion for build-chain: build-chain completion fish | source
set -g build_chain_commands ${COMMANDS.join(' ')}
complete -c build-chain -f
${commands.join('\n')}
complete -c build-chain -n '__fish_seen_subcommand_from completion' -a 'bash zsh fish'
complete -c build-chain -n '__fish_seen_subcommand_from help' -a '${COMMANDS.join(' ')}'
complete -c build-chain -n '__fish_seen_subcommand_from ${withImages.join(' ')}; or not __fish_seen_subcommand_from $build_chain_commands' -a ${IMAGES}
complete -c build-chain -l help -s h -d 'explain the program or the command'
complete -c build-chain -l version -d 'print the version'
${allFlags().flatMap(lines).join('\n')}
`
}
