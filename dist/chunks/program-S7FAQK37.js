import{createRequire as __cr}from'node:module';const require=__cr(import.meta.url);
import{ensureProgram}from"./chunk-UQ3WVYA4.js";import"./chunk-M3C2L6ZR.js";import"./chunk-32IVKJN3.js";import"./chunk-VMAAWTEX.js";import"./chunk-ZE6VVGJL.js";import"./chunk-XJZX5YZ4.js";export{ensureProgram};
