"use strict";const STYLES=[[`--- `,`bold`],[`+++ `,`bold`],[`@@`,`cyan`],[`-`,`red`],[`+`,`green`]];function paintDiff(e,t){return e.split(`
`).map(e=>{let n=STYLES.find(([t])=>e.startsWith(t))?.[1];return n?t(n,e):e}).join(`
`)}exports.paintDiff=paintDiff;