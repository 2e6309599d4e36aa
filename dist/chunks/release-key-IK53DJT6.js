
import{hashicorpKey,loadReleaseKey,parseKeyBlocks}from"./chunk-WQVKLIE4.js";import"./chunk-ZE6VVGJL.js";import"./chunk-XJZX5YZ4.js";export{hashicorpKey,loadReleaseKey,parseKeyBlocks};
