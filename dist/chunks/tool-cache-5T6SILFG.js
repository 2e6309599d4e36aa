
import{cachedVersions,keepTool,removeTool,toolFolder,toolFolderOf}from"./chunk-ZZIFUJAE.js";import"./chunk-VMAAWTEX.js";import"./chunk-ZE6VVGJL.js";import"./chunk-XJZX5YZ4.js";export{cachedVersions,keepTool,removeTool,toolFolder,toolFolderOf};
