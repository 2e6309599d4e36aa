"use strict";const require_printed=require("./printed-CXjOG5b9.js"),require_core=require("./core-Crz3YCSY.js");let node_path=require("node:path"),node_fs=require("node:fs"),node_url=require("node:url"),node_os=require("node:os"),node_fs_promises=require("node:fs/promises");const ANSWER=`::build-chain-answer::`,quoted=e=>`'${e.replaceAll(`'`,`'\\''`)}'`,script=e=>`#!/bin/sh
tar=${quoted(e)} before= place=
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
`,NAMES=[`tar`,`gtar`];function guardedPath(e=process.env.PATH){let t=process.platform===`win32`?[]:NAMES.map(t=>[t,require_core.which(t,e)]),n=(0,node_fs.mkdtempSync)((0,node_path.join)(require_core.temporaryRoot(),`build-chain-tar-`));for(let[e,r]of t)r&&(0,node_fs.writeFileSync)((0,node_path.join)(n,e),script(r),{mode:448});return[n,e].join(node_path.delimiter)}const defined=e=>Object.fromEntries(Object.entries(e).filter(e=>e[1]!==void 0));function parseAnswer(e){let t=e.split(`
`).findLast(e=>e.startsWith(ANSWER));if(t===void 0)throw Error(e.trim()||`its client gave no answer`);let{value:n}=JSON.parse(t.slice(22));return{value:n,output:e}}async function holdsOnly(e,t){return(await(0,node_fs_promises.readdir)(e,{recursive:!0,withFileTypes:!0})).every(e=>e.isFile()||e.isDirectory())&&(await(0,node_fs_promises.readdir)(e)).join()===t}const refused=({output:e})=>({value:void 0,output:`${e}\n::warning::Failed to restore: the archive is not what was kept\n`});async function bring(e,t,n){let r=`${e}.unpacked`,i=require_core.noteTemporary(r);try{await(0,node_fs_promises.rm)(r,{recursive:!0,force:!0}),await(0,node_fs_promises.mkdir)(r,{recursive:!0,mode:448});let t=await n(r);return typeof t.value==`string`?await holdsOnly(r,(0,node_path.basename)(e))?(await(0,node_fs_promises.rename)((0,node_path.join)(r,(0,node_path.basename)(e)),e),t):refused(t):t}finally{await(0,node_fs_promises.rm)(r,{recursive:!0,force:!0}),t.aborted||i()}}function askByProgram({exec:e,runner:t,programUrl:n}){let r=async(r,i,a)=>{let o={...defined(t),GITHUB_WORKSPACE:i,RUNNER_TEMP:require_core.temporaryRoot(),PATH:guardedPath(t.PATH)},{onOutput:s,text:c}=require_printed.keepPrinted(),l=[(0,node_url.fileURLToPath)(n),JSON.stringify(r)],u={tool:process.execPath,args:l,cwd:(0,node_os.tmpdir)()};return await e.stream(u,{env:o,signal:a,onOutput:s}),a.throwIfAborted(),parseAnswer(c())};return async(e,t)=>(t.throwIfAborted(),e.name===`save`||e.lookupOnly?r(e,(0,node_path.dirname)(e.folder),t):bring(e.folder,t,n=>r(e,n,t)))}exports.ANSWER=ANSWER,exports.askByProgram=askByProgram;