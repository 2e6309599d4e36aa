
import{ensureProgram}from"./chunk-C6SAFJJQ.js";import"./chunk-G5JRCDIZ.js";import"./chunk-32IVKJN3.js";import"./chunk-VMAAWTEX.js";import"./chunk-ZE6VVGJL.js";import"./chunk-XJZX5YZ4.js";export{ensureProgram};
