import{createRequire as __cr}from'node:module';const require=__cr(import.meta.url);
import{assembleTemplate,emptyTemplate}from"./chunk-ERATXNR6.js";import"./chunk-ZE6VVGJL.js";import"./chunk-XJZX5YZ4.js";export{assembleTemplate,emptyTemplate};
