"use strict";const require_printed=require("./printed-CXjOG5b9.js"),require_core=require("./core-BJha5m87.js");let node_path=require("node:path"),node_fs=require("node:fs"),node_url=require("node:url"),node_os=require("node:os"),node_fs_promises=require("node:fs/promises");const ANSWER=`::build-chain-answer::`,answerLine=e=>`\n${ANSWER}${JSON.stringify({value:e})}\n`;function answersIn(e){return e.split(`
`).slice(0,-1).filter(e=>e.startsWith(ANSWER)).map(e=>JSON.parse(e.slice(22)).value)}const saidIn=e=>e.split(`
`).filter(e=>e!==``&&!e.startsWith(ANSWER)).join(`
`),shellWord=e=>`'${e.replaceAll(`'`,`'\\''`)}'`,script=e=>`#!/bin/sh
tar=${shellWord(e)} before= place=
case " $* " in *' -xf '*) ;; *) exec "$tar" "$@" ;; esac
unset TAR_OPTIONS
for word; do
  shift
  [ "$word" = -P ] || set -- "$@" "$word"
  [ "$before" != -C ] || place=$word
  before=$word
done
"$tar" "$@" --no-same-owner --no-same-permissions
status=$?
chmod -R u=rwX,go= "$place"
exit "$status"
`,NAMES=[`tar`,`gtar`];function guardedPath(e=process.env.PATH){let t=process.platform===`win32`?[]:NAMES.map(t=>[t,require_core.which(t,e)]),n=(0,node_fs.mkdtempSync)((0,node_path.join)(require_core.temporaryRoot(),`build-chain-tar-`));for(let[e,r]of t)r&&(0,node_fs.writeFileSync)((0,node_path.join)(n,e),script(r),{mode:448});return[n,e].join(node_path.delimiter)}const defined=e=>Object.fromEntries(Object.entries(e).filter(e=>e[1]!==void 0));function parseAnswer(e){let t=answersIn(e);if(t.length===0)throw Error(e.trim()||`its client gave no answer`);return{values:t,output:e}}async function holdsOnly(e,t){return(await(0,node_fs_promises.readdir)(e,{recursive:!0,withFileTypes:!0})).every(e=>e.isFile()||e.isDirectory())&&(await(0,node_fs_promises.readdir)(e)).join()===t}const refused=({values:e,output:t})=>({values:[e[0],void 0],output:`${t}\n::warning::Failed to restore: the archive is not what was kept\n`});async function bring(e,t,n){let r=`${e}.unpacked`,i=require_core.noteTemporary(r);try{await(0,node_fs_promises.rm)(r,{recursive:!0,force:!0}),await(0,node_fs_promises.mkdir)(r,{recursive:!0,mode:448});let t=await n(r);return typeof t.values[1]==`string`?await holdsOnly(r,(0,node_path.basename)(e))?(await(0,node_fs_promises.rename)((0,node_path.join)(r,(0,node_path.basename)(e)),e),t):refused(t):t}finally{await(0,node_fs_promises.rm)(r,{recursive:!0,force:!0}),t.aborted||i()}}function whenAnswered(e,t=()=>{}){let n=!1;return()=>{n||answersIn(e()).length===0||(n=!0,t())}}function askByProgram({exec:e,runner:t,programUrl:n}){return async(r,i,a)=>{i.throwIfAborted();let o=async o=>{let s={...defined(t),GITHUB_WORKSPACE:o,RUNNER_TEMP:require_core.temporaryRoot(),PATH:guardedPath(t.PATH)},{onOutput:c,text:l}=require_printed.keepPrinted(),u=whenAnswered(l,a),d=e=>{c(e),u()},f=[(0,node_url.fileURLToPath)(n),JSON.stringify(r)],p={tool:process.execPath,args:f,cwd:(0,node_os.tmpdir)()};return await e.stream(p,{env:s,signal:i,onOutput:d}),i.throwIfAborted(),parseAnswer(l())};return r.name===`save`?o((0,node_path.dirname)(r.folder)):bring(r.folder,i,o)}}exports.answerLine=answerLine,exports.answersIn=answersIn,exports.askByProgram=askByProgram,exports.saidIn=saidIn,exports.shellWord=shellWord;