import { COMMANDS } from '../flags.js'
import { allFlags, flagsOf, valueKind } from './completion-words.js'

const names = (kind: string) =>
  allFlags()
    .filter(({ row }) => valueKind(row) === kind)
    .flatMap(({ words }) => words)
    .join('|')

const choices = () =>
  allFlags()
    .filter(({ row }) => valueKind(row) === 'choice')
    .map(
      ({ row, words }) =>
        `    ${words.join('|')}) mapfile -t COMPREPLY < <(compgen -W '${row.choices?.join(' ')}' -- "$cur"); return ;;`
    )
    .join('\n')

const options = () =>
  COMMANDS.map(command => {
    const words = flagsOf(command).flatMap(({ words: each }) => each)
    return `    ${command}) options='${[...words, '--help'].join(' ')}' ;;`
  }).join('\n')

/** The script for bash 4 or newer; images are asked for when they are completed. */
export function bashCompletion(): string {
  return `# Completion for build-chain: eval "$(build-chain completion bash)"
_build_chain_words() {
  # Tags have colons, where bash parts words: what stands before the last one is taken off again.
  local images word
  images=$(build-chain list --quiet 2>/dev/null)
  mapfile -t COMPREPLY < <(compgen -W "$images $1" -- "$whole")
  if [[ $whole == *:* && $COMP_WORDBREAKS == *:* ]]; then
    local colon=\${whole%"\${whole##*:}"}
    for word in "\${!COMPREPLY[@]}"; do COMPREPLY[word]=\${COMPREPLY[word]#"$colon"}; done
  fi
}

_build_chain() {
  local cur=\${COMP_WORDS[COMP_CWORD]} line=\${COMP_LINE:0:COMP_POINT} whole prev command='' options word
  local -a words
  read -ra words <<<"$line"
  [[ $line == *[[:space:]] ]] && words+=('')
  whole=\${words[-1]}
  prev=\${words[-2]:-}
  # A word such as --format=json, which bash parts too.
  if [[ $whole == --*=* ]]; then prev=\${whole%%=*} whole=\${whole#*=} cur=\${whole##*:}; fi
  COMPREPLY=()
  for word in "\${words[@]:1:\${#words[@]}-2}"; do
    case $word in
    ${COMMANDS.join('|')}) command=$word; break ;;
    esac
  done
  case $prev in
${choices()}
    ${names('path')}) mapfile -t COMPREPLY < <(compgen -f -- "$cur"); compopt -o filenames; return ;;
    ${names('image')}) _build_chain_words ''; return ;;
    ${names('text')}) return ;;
  esac
  case $command in
${options()}
    *) options='${[...allFlags().flatMap(({ words }) => words), '--help', '--version'].join(' ')}' ;;
  esac
  if [[ $whole == -* ]]; then
    mapfile -t COMPREPLY < <(compgen -W "$options" -- "$cur")
    return
  fi
  case $command in
    '') _build_chain_words '${COMMANDS.join(' ')}' ;;
    completion) mapfile -t COMPREPLY < <(compgen -W 'bash zsh fish' -- "$cur") ;;
    help) mapfile -t COMPREPLY < <(compgen -W '${COMMANDS.join(' ')}' -- "$cur") ;;
    schema|doctor) ;;
    *) _build_chain_words '' ;;
  esac
}

complete -F _build_chain build-chain
`
}
