
import{assembleTemplate,emptyTemplate}from"./chunk-CURKGNEO.js";import"./chunk-ZE6VVGJL.js";import"./chunk-XJZX5YZ4.js";export{assembleTemplate,emptyTemplate};
