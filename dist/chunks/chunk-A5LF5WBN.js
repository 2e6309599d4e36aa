import{createRequire as __cr}from'node:module';const require=__cr(import.meta.url);
import{__name}from"./chunk-B45Q4GJR.js";var SAFE=/^[A-Za-z0-9_/:=.,@%+-]+$/,quote=__name(word=>SAFE.test(word)?word:`'${word.replaceAll("'","'\\''")}'`,"quote");function shellLine(command){return[command.tool,...command.args].map(quote).join(" ")}__name(shellLine,"shellLine");export{shellLine};
