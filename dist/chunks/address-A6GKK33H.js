
import{addressBelow,parseBase}from"./chunk-TTGNYXVU.js";import"./chunk-QSBVY3JA.js";import"./chunk-ZE6VVGJL.js";import"./chunk-XJZX5YZ4.js";export{addressBelow,parseBase};
