import { COMMANDS } from '../flags.js'
import { commandWords, type Flag, flagsOf, valueKind } from './completion-words.js'

const quote = (text: string) => `'${text.replaceAll("'", `'\\''`)}'`
const plainWords = (text: string) => text.replace(/[[\]:\\]/g, ' ')

const ACTIONS = {
  path: ':file:_files',
  image: ':image:_build_chain_images',
  text: ':value:'
} as const

function specs({ words, row, about }: Flag): readonly string[] {
  const kind = valueKind(row)
  const action =
    kind === 'none' ? '' : kind === 'choice' ? `:value:(${row.choices?.join(' ')})` : ACTIONS[kind]
  const sign = kind === 'none' ? '' : '='
  return words.map(word => quote(`*${word}${sign}[${plainWords(about)}]${action}`))
}

const REST: Readonly<Record<string, string>> = {
  completion: '1:shell:(bash zsh fish)',
  help: `1:command:(${COMMANDS.join(' ')})`,
  schema: '',
  doctor: ''
}

const argumentsOf = (command: (typeof COMMANDS)[number]) => {
  const rest = REST[command] ?? '*:image:_build_chain_images'
  const all = [...flagsOf(command).flatMap(specs), quote('--help[explain the command]')]
  return [...all, ...(rest ? [quote(rest)] : [])].join(' ')
}

/** The script for zsh; images are asked for when they are completed. */
export function zshCompletion(): string {
  const described = commandWords().map(([name, about]) => quote(`${name}:${plainWords(about)}`))
  const cases = COMMANDS.map(command => `    ${command}) _arguments ${argumentsOf(command)} ;;`)
  return `#compdef build-chain
# Completion for build-chain: source <(build-chain completion zsh)
_build_chain_images() {
  local -a images
  images=(\${(f)"$(build-chain list --quiet 2>/dev/null)"})
  compadd -a images
}

_build_chain() {
  local -a commands
  commands=(${described.join(' ')})
  local command=\${words[2]}
  if (( CURRENT == 2 )) && [[ $command != -* ]]; then
    _describe command commands
    _build_chain_images
    return
  fi
  case $command in
    ${COMMANDS.join('|')}) shift words; (( CURRENT-- )) ;;
    *) command=build ;;
  esac
  case $command in
${cases.join('\n')}
  esac
}

compdef _build_chain build-chain
`
}
