"use strict";const require_core=require("./core-KdcEkjyc.js"),require_help_text=require("./help-text-C615vgkt.js"),require_command_help=require("./command-help-C-TGfhzL.js"),PATHS=new Set([`images-files`,`working-directory`,`docker-folder`,`packer-template`,`packer-releases-key`,`ansible-folder`,`salt-folder`,`report`,`report-html`,`trace`,`var-file`,`from`]),IMAGES$1=new Set([`images`,`skip-images`]);function valueKind({name:e,kind:t,choices:n}){return t===`boolean`?`none`:PATHS.has(e)?`path`:IMAGES$1.has(e)?`image`:n?`choice`:`text`}const shortly=e=>e.replace(/^`[\w-]+`: /,``).replaceAll("`",``).split(/[;:(]/)[0]?.trim()??``,flag=e=>({row:e,words:e.kind===`boolean`?[`--${e.name}`,`--no-${e.name}`]:[`--${e.name}`],about:shortly(e.meaning)}),allFlags=()=>[...require_help_text.OPTIONS,...require_help_text.LIVE_FLAGS].map(flag),flagsOf=e=>require_command_help.optionsOf(e).map(flag),commandWords=()=>require_core.COMMANDS.map(e=>[e,shortly(require_help_text.COMMAND_TABLE[e].summary)]),names=e=>allFlags().filter(({row:t})=>valueKind(t)===e).flatMap(({words:e})=>e).join(`|`),choices=()=>allFlags().filter(({row:e})=>valueKind(e)===`choice`).map(({row:e,words:t})=>`    ${t.join(`|`)}) mapfile -t COMPREPLY < <(compgen -W '${e.choices?.join(` `)}' -- "$cur"); return ;;`).join(`
`),options=()=>require_core.COMMANDS.map(e=>`    ${e}) options='${[...flagsOf(e).flatMap(({words:e})=>e),`--help`].join(` `)}' ;;`).join(`
`);function bashCompletion(){return`# Completion for build-chain: eval "$(build-chain completion bash)"
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
    ${require_core.COMMANDS.join(`|`)}) command=$word; break ;;
    esac
  done
  case $prev in
${choices()}
    ${names(`path`)}) mapfile -t COMPREPLY < <(compgen -f -- "$cur"); compopt -o filenames; return ;;
    ${names(`image`)}) _build_chain_words ''; return ;;
    ${names(`text`)}) return ;;
  esac
  case $command in
${options()}
    *) options='${[...allFlags().flatMap(({words:e})=>e),`--help`,`--version`].join(` `)}' ;;
  esac
  if [[ $whole == -* ]]; then
    mapfile -t COMPREPLY < <(compgen -W "$options" -- "$cur")
    return
  fi
  case $command in
    '') _build_chain_words '${require_core.COMMANDS.join(` `)}' ;;
    completion) mapfile -t COMPREPLY < <(compgen -W 'bash zsh fish' -- "$cur") ;;
    help) mapfile -t COMPREPLY < <(compgen -W '${require_core.COMMANDS.join(` `)}' -- "$cur") ;;
    schema|doctor) ;;
    *) _build_chain_words '' ;;
  esac
}

complete -F _build_chain build-chain
`}const quote$1=e=>`'${e.replaceAll(`\\`,`\\\\`).replaceAll(`'`,`\\'`)}'`,IMAGES=`'(build-chain list --quiet 2>/dev/null)'`,VALUES={none:``,path:` -r -F`,image:` -x -a ${IMAGES}`,text:` -x`};function condition({row:e}){let t=require_core.COMMANDS.filter(t=>require_command_help.optionsOf(t).some(t=>t.name===e.name));if(t.length===0)return`'not __fish_seen_subcommand_from $build_chain_commands'`;let n=`__fish_seen_subcommand_from ${t.join(` `)}`;return t.includes(`build`)?quote$1(`${n}; or not __fish_seen_subcommand_from $build_chain_commands`):quote$1(n)}function lines(e){let t=valueKind(e.row),n=t===`choice`?` -x -a ${quote$1(e.row.choices?.join(` `)??``)}`:VALUES[t];return e.words.map(t=>`complete -c build-chain -n ${condition(e)} -l ${t.slice(2)}${n} -d ${quote$1(e.about)}`)}function fishCompletion(){let e=commandWords().map(([e,t])=>`complete -c build-chain -n 'not __fish_seen_subcommand_from $build_chain_commands' -a ${e} -d ${quote$1(t)}`),t=require_core.COMMANDS.filter(e=>require_help_text.COMMAND_TABLE[e].words.includes(`IMAGE`));return`# Completion for build-chain: build-chain completion fish | source
set -g build_chain_commands ${require_core.COMMANDS.join(` `)}
complete -c build-chain -f
${e.join(`
`)}
complete -c build-chain -n '__fish_seen_subcommand_from completion' -a 'bash zsh fish'
complete -c build-chain -n '__fish_seen_subcommand_from help' -a '${require_core.COMMANDS.join(` `)}'
complete -c build-chain -n '__fish_seen_subcommand_from ${t.join(` `)}; or not __fish_seen_subcommand_from $build_chain_commands' -a ${IMAGES}
complete -c build-chain -l help -s h -d 'explain the program or the command'
complete -c build-chain -l version -d 'print the version'
${allFlags().flatMap(lines).join(`
`)}
`}const quote=e=>`'${e.replaceAll(`'`,`'\\''`)}'`,plainWords=e=>e.replace(/[[\]:\\]/g,` `),ACTIONS={path:`:file:_files`,image:`:image:_build_chain_images`,text:`:value:`};function specs({words:e,row:t,about:n}){let r=valueKind(t),i=r===`none`?``:r===`choice`?`:value:(${t.choices?.join(` `)})`:ACTIONS[r],a=r===`none`?``:`=`;return e.map(e=>quote(`*${e}${a}[${plainWords(n)}]${i}`))}const REST={completion:`1:shell:(bash zsh fish)`,help:`1:command:(${require_core.COMMANDS.join(` `)})`,schema:``,doctor:``},argumentsOf=e=>{let t=REST[e]??`*:image:_build_chain_images`;return[...flagsOf(e).flatMap(specs),quote(`--help[explain the command]`),...t?[quote(t)]:[]].join(` `)};function zshCompletion(){let e=commandWords().map(([e,t])=>quote(`${e}:${plainWords(t)}`)),t=require_core.COMMANDS.map(e=>`    ${e}) _arguments ${argumentsOf(e)} ;;`);return`#compdef build-chain
# Completion for build-chain: source <(build-chain completion zsh)
_build_chain_images() {
  local -a images
  images=(\${(f)"$(build-chain list --quiet 2>/dev/null)"})
  compadd -a images
}

_build_chain() {
  local -a commands
  commands=(${e.join(` `)})
  local command=\${words[2]}
  if (( CURRENT == 2 )) && [[ $command != -* ]]; then
    _describe command commands
    _build_chain_images
    return
  fi
  case $command in
    ${require_core.COMMANDS.join(`|`)}) shift words; (( CURRENT-- )) ;;
    *) command=build ;;
  esac
  case $command in
${t.join(`
`)}
  esac
}

compdef _build_chain build-chain
`}const SCRIPTS={bash:bashCompletion,zsh:zshCompletion,fish:fishCompletion},SHELLS=Object.keys(SCRIPTS),completionScript=e=>Object.hasOwn(SCRIPTS,e)?SCRIPTS[e]?.():void 0;exports.SHELLS=SHELLS,exports.completionScript=completionScript;