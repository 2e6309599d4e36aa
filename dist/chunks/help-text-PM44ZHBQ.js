import{createRequire as __cr}from'node:module';const require=__cr(import.meta.url);
import{FLAGS,INPUTS}from"./chunk-I3HZYCA5.js";import{__name}from"./chunk-B45Q4GJR.js";var WIDTH=22,optionLine=__name(({name,kind,meaning,shownDefault})=>{let flag=kind==="boolean"?`--[no-]${name}`:`--${name}`,text=`${meaning} (${shownDefault})`.replaceAll("`","");return`  ${flag.padEnd(WIDTH)}  ${text}`},"optionLine");function helpText(){return`build-chain [COMMAND] [OPTIONS] [IMAGE\u2026]

Builds the images of docker/IMAGES.json in the right order, with Dockerfiles and Packer.

Commands:
  build   builds the chain (the default)
  plan    prints what would be built, in order, and why; --format text|json
  schema  prints the manifest's JSON Schema

Options (with their defaults):
${[...INPUTS.filter(({name})=>name!=="command"),...FLAGS].map(optionLine).join(`
`)}

Examples:
  build-chain plan
  build-chain build --images 'corpusops/app:*'
  build-chain build --skip-images corpusops/app:1.0 --report report.json

Exit status: 0 all is well; 1 an image failed; 2 the manifest or the command line is wrong;
3 a tool or a service is missing; 130 interrupted.
`}__name(helpText,"helpText");function versionText(){return`build-chain 0.1.0
`}__name(versionText,"versionText");export{helpText,versionText};
