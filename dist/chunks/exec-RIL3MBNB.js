import{createRequire as __cr}from'node:module';const require=__cr(import.meta.url);
import{exec,getExecOutput}from"./chunk-GM3P76VM.js";import"./chunk-B45Q4GJR.js";export{exec,getExecOutput};
