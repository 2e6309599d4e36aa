
import{createDownloader,isAbsent}from"./chunk-RXVVNTBU.js";import"./chunk-32IVKJN3.js";import"./chunk-QSBVY3JA.js";import"./chunk-ZE6VVGJL.js";import"./chunk-XJZX5YZ4.js";export{createDownloader,isAbsent};
