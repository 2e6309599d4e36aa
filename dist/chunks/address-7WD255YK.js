import{createRequire as __cr}from'node:module';const require=__cr(import.meta.url);
import{addressBelow,parseBase}from"./chunk-UMYWE4M6.js";import"./chunk-QP6I6NHC.js";import"./chunk-ZE6VVGJL.js";import"./chunk-XJZX5YZ4.js";export{addressBelow,parseBase};
