
import{HASHICORP_RELEASES,chooseReleases,loadReleases,releaseFiles}from"./chunk-5EXBYRNW.js";import"./chunk-TTGNYXVU.js";import"./chunk-RXVVNTBU.js";import"./chunk-32IVKJN3.js";import"./chunk-QSBVY3JA.js";import"./chunk-TGPYMID2.js";import"./chunk-ZE6VVGJL.js";import"./chunk-XJZX5YZ4.js";export{HASHICORP_RELEASES,chooseReleases,loadReleases,releaseFiles};
