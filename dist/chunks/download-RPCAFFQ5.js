import{createRequire as __cr}from'node:module';const require=__cr(import.meta.url);
import{createDownloader,isAbsent}from"./chunk-PGL52BJ7.js";import"./chunk-32IVKJN3.js";import"./chunk-QP6I6NHC.js";import"./chunk-ZE6VVGJL.js";import"./chunk-XJZX5YZ4.js";export{createDownloader,isAbsent};
