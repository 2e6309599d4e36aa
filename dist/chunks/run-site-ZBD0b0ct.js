import{Ct as which,Ft as ChainError,zt as nodeCrypto}from"./core-BTlKegg1.js";import{join}from"node:path";import{readFileSync}from"node:fs";import{tmpdir}from"node:os";import{mkdir,mkdtemp,readFile,rm,writeFile}from"node:fs/promises";const quote=e=>`'${e.replaceAll(`'`,`'\\''`)}'`;function dockerShim(e){let t=quote(e.docker),n=e.run?.map(quote).join(` `)??`${t} run --label ${quote(e.label)}`;return`#!/bin/sh
case "$1" in
pull)
  for word; do
    if grep -qxF -e "$word" ${quote(e.basesFile)}; then
      echo "$word is on this daemon already"
      exit 0
    fi
  done
  ;;
run)
  shift
  exec ${n} "$@"
  ;;
esac
exec ${t} "$@"
`}function realDocker(){let e=which(`docker`);if(e)return e;throw new ChainError(`TOOL_MISSING`,`docker is not on PATH`,{hint:`Install the docker command, or add its folder to PATH.`})}function idFile(e){return{path:e,take:async()=>{let t=await readFile(e,`utf8`).catch(()=>void 0);return await rm(e,{force:!0}),t?.trim()}}}function isToldIn(e,t){try{return readFileSync(e,`utf8`).split(`
`).filter(Boolean).some(e=>t.some(t=>t.includes(e)))}catch{return!1}}function openRunSite(e,t){let n=nodeCrypto().randomBytes(8).toString(`hex`),r=`io.github.corpusops.build-chain.run=${n}`,i,a=0,o=()=>(i??=mkdtemp(join(tmpdir(),`build-chain-`)),i),s,c=``,l=async(e,n)=>{let i=await t?.look(e,n);if(!t||!i||i===`same`)return;s=join(n,`packer`),c=join(n,`refusals`),await mkdir(s);let a={docker:e,label:r,mounts:i.mounts,packerTemporary:s,refusals:c},o=join(n,`run.json`);return await writeFile(o,JSON.stringify(a)),[process.execPath,t.program,o]};return{id:n,label:r,folder:join(e,n),prepareShim:async e=>{let t=await o(),n=join(t,`bases`),i=join(t,`bin`);await mkdir(i),await writeFile(n,`${e.join(`
`)}\n`);let a=realDocker(),s=dockerShim({docker:a,basesFile:n,label:r,run:await l(a,t)});return await writeFile(join(i,`docker`),s,{mode:448}),i},packerTemporary:()=>s,hasRefused:e=>isToldIn(c,e),openIdFile:async()=>(a+=1,idFile(join(await o(),`id-${a}`))),remove:async()=>{i&&await rm(await i,{recursive:!0,force:!0})}}}export{openRunSite as t};