
import{exec,getExecOutput}from"./chunk-W4VHH3X3.js";import"./chunk-XJZX5YZ4.js";export{exec,getExecOutput};
