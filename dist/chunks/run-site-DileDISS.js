import{Lt as nodeCrypto,Mt as ChainError,gt as which}from"./core-BoKnT-0D.js";import{join}from"node:path";import{readFileSync}from"node:fs";import{tmpdir}from"node:os";import{mkdir,mkdtemp,readFile,rm,writeFile}from"node:fs/promises";const quote=e=>`'${e.replaceAll(`'`,`'\\''`)}'`;function runLines({docker:e,run:t,label:n,containersFile:r}){let i=`${(t??[e,`run`,`--label`,n]).map(quote).join(` `)} "$@"`;return r===void 0?`exec ${i}`:`id=$(${i}) || exit $?
  printf '%s\\n' "$id" >>${quote(r)}
  printf '%s\\n' "$id"
  exit 0`}function dockerShim(e){let t=quote(e.docker);return`#!/bin/sh
case "$1" in
pull)
  for word; do
    if grep -qxF -e "$word" ${quote(e.basesFile)}; then
      echo "$word is on this daemon already"
      exit 0
    fi
  done
  ;;
commit)
  shift
  exec ${t} commit --change ${quote(`LABEL ${e.label.split(`=`)[0]}=`)} "$@"
  ;;
run)
  shift
  ${runLines(e)}
  ;;
esac
exec ${t} "$@"
`}const RUN_LABEL=`io.github.corpusops.build-chain.run`,KEPT_LABEL=`io.github.corpusops.build-chain.kept`;function realDocker(){let e=which(`docker`);if(e)return e;throw new ChainError(`TOOL_MISSING`,`docker is not on PATH`,{hint:`Install the docker command, or add its folder to PATH.`})}function idFile(e){return{path:e,take:async()=>{let t=await readFile(e,`utf8`).catch(()=>void 0);return await rm(e,{force:!0}),t?.trim()}}}function isToldIn(e,t){try{return readFileSync(e,`utf8`).split(`
`).filter(Boolean).some(e=>t.some(t=>t.includes(e)))}catch{return!1}}const linesOf=async e=>(await readFile(e,`utf8`).catch(()=>``)).split(`
`).filter(Boolean);function openRunSite(e,{sight:t,keepsFailed:n}={}){let r=nodeCrypto().randomBytes(8).toString(`hex`),i=`${RUN_LABEL}=${r}`,a=n?`${KEPT_LABEL}=${r}`:i,o,s=0,c=()=>(o??=mkdtemp(join(tmpdir(),`build-chain-`)),o),l,u=``,d=async(e,n)=>{let r=await t?.look(e,n);if(!t||!r||r===`same`)return;l=join(n,`packer`),u=join(n,`refusals`),await mkdir(l);let i={docker:e,label:a,mounts:r.mounts,packerTemporary:l,refusals:u},o=join(n,`run.json`);return await writeFile(o,JSON.stringify(i)),[process.execPath,t.program,o]};return{id:r,label:i,folder:join(e,r),prepareShim:async e=>{let t=await c(),r=join(t,`bases`),i=join(t,`bin`);await mkdir(i),await writeFile(r,`${e.join(`
`)}\n`);let o=realDocker(),s=dockerShim({docker:o,basesFile:r,label:a,run:await d(o,t),containersFile:n?join(t,`containers`):void 0});return await writeFile(join(i,`docker`),s,{mode:448}),i},packerTemporary:()=>l,hasRefused:e=>isToldIn(u,e),containers:async()=>o&&n?linesOf(join(await o,`containers`)):[],openIdFile:async()=>(s+=1,idFile(join(await c(),`id-${s}`))),remove:async()=>{o&&await rm(await o,{recursive:!0,force:!0})}}}export{RUN_LABEL as n,openRunSite as r,KEPT_LABEL as t};