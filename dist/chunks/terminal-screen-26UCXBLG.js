import{createRequire as __cr}from'node:module';const require=__cr(import.meta.url);
import{terminalScreen}from"./chunk-IQSNP42D.js";import"./chunk-NOY3LEDQ.js";import"./chunk-A5LF5WBN.js";import"./chunk-HG2S5UBD.js";import"./chunk-B45Q4GJR.js";export{terminalScreen};
