import{a as meaningOf,c as COMMAND_TABLE,n as flagOf,r as helpLine,s as wrap,t as OPTIONS}from"./help-text-DsPO66jD.js";const optionsOf=e=>[...COMMAND_TABLE[e].ownOptions??[],...OPTIONS.filter(({name:t})=>COMMAND_TABLE[e].options.includes(t))];function usageOf(e){let{words:t,options:n}=COMMAND_TABLE[e];return[`build-chain`,e,n.length>0?`[OPTIONS]`:``,t].filter(Boolean).join(` `)}function commandHelp(e){let{description:t,examples:n}=COMMAND_TABLE[e],r=optionsOf(e);return`${[usageOf(e),wrap(t,0),...r.length>0?[`Options (with their defaults):\n${r.map(e=>helpLine(flagOf(e),meaningOf(e))).join(`
`)}`]:[],`Examples:\n${n.map(({line:e,does:t})=>`  ${e}\n      ${t}`).join(`
`)}`].join(`

`)}\n`}export{optionsOf as n,usageOf as r,commandHelp as t};