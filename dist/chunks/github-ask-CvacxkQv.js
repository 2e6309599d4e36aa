"use strict";const require_printed=require("./printed-CWtgbELQ.js"),require_core=require("./core-B_3AIFFc.js");let node_path=require("node:path"),node_fs=require("node:fs"),node_url=require("node:url"),node_os=require("node:os");const ANSWER=`::build-chain-answer::`,quoted=e=>`'${e.replaceAll(`'`,`'\\''`)}'`,script=(e,t,n)=>`#!/bin/sh
tar=${quoted(e)} below=${quoted(t)} lists=${quoted(n)}/$$
case " $* " in *' -xf '*) ;; *) exec "$tar" "$@" ;; esac
list() {
  as=$1
  shift
  count=$#
  for word; do
    [ "$word" != -xf ] || word=$as
    set -- "$@" "$word"
  done
  shift "$count"
  "$tar" "$@"
}
refuse() {
  echo "the archive holds $1, which is not what was kept" >&2
  exit 1
}
list -tvf "$@" >"$lists.kinds" &
list -tf "$@" >"$lists.names"
named=$?
wait $! && [ "$named" = 0 ] && [ -s "$lists.kinds" ] && [ -s "$lists.names" ] || exit 1
while IFS= read -r line; do
  case $line in [-d]*) ;; *) refuse "$line" ;; esac
done <"$lists.kinds" || exit 1
while IFS= read -r name; do
  case $name in "$below" | "$below"/*) ;; *) refuse "$name" ;; esac
  case \${name#"$below"} in */..*) refuse "$name" ;; esac
done <"$lists.names" || exit 1
exec "$tar" "$@"
`;function guardedPath(e,t,n=process.env.PATH){let r=require_core.which(`tar`,n);if(!r||process.platform===`win32`)return n??``;let i=(0,node_fs.mkdtempSync)((0,node_path.join)(require_core.temporaryRoot(),`build-chain-tar-`));return(0,node_fs.writeFileSync)((0,node_path.join)(i,`tar`),script(r,(0,node_path.relative)(t,e),i),{mode:448}),[i,n].join(node_path.delimiter)}const defined=e=>Object.fromEntries(Object.entries(e).filter(e=>e[1]!==void 0));function parseAnswer(e){let t=e.split(`
`).findLast(e=>e.startsWith(ANSWER));if(t===void 0)throw Error(e.trim()||`its client gave no answer`);let{value:n}=JSON.parse(t.slice(22));return{value:n,output:e}}function askByProgram({exec:e,runner:t,programUrl:n}){return async(r,i)=>{i.throwIfAborted();let a=t.GITHUB_WORKSPACE??(0,node_os.tmpdir)(),o=guardedPath(r.folder,a,t.PATH),s={...defined(t),RUNNER_TEMP:require_core.temporaryRoot(),PATH:o},{onOutput:c,text:l}=require_printed.keepPrinted(),u=[(0,node_url.fileURLToPath)(n),JSON.stringify(r)],d={tool:process.execPath,args:u,cwd:a};return await e.stream(d,{env:s,signal:i,onOutput:c}),i.throwIfAborted(),parseAnswer(l())}}Object.defineProperty(exports,"ANSWER",{enumerable:!0,get:function(){return ANSWER}}),Object.defineProperty(exports,"askByProgram",{enumerable:!0,get:function(){return askByProgram}});