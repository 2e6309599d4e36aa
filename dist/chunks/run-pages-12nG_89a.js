"use strict";const require_action=require("./action-BIC3kcUr.js"),require_core=require("./core-KdcEkjyc.js");let node_fs=require("node:fs");function readTail(e,t){let n;try{n=(0,node_fs.openSync)(e,`r`)}catch{return}try{let{size:e}=(0,node_fs.fstatSync)(n),r=Buffer.alloc(Math.min(e,t)),i=(0,node_fs.readSync)(n,r,0,r.length,e-r.length),a=r.subarray(0,i),o=e>i?a.indexOf(10)+1:0;return{text:a.subarray(o).toString(),leftOut:e-i+o}}finally{(0,node_fs.closeSync)(n)}}function layerHeights({columns:e,before:t,after:n},r){let i=[];for(let t of e)place(t,t.map((e,t)=>t),r,i);for(let a=0;a<16;a+=1){let o=a%2==0;for(let a of o?e:e.toReversed())place(a,a.map(e=>{let r=(o?t:n)[e]??[],a=r.length>0?r:[e];return a.reduce((e,t)=>e+(i[t]??0),0)/a.length}),r,i)}let a=Math.min(...i.map((e,t)=>e-r(t)/2));return i.map(e=>e-a)}function place(e,t,n,r){let i=0,a=e.map((t,r)=>{let a=e[r-1];return a!==void 0&&(i+=(n(a)+n(t))/2),i}),o=[];e.forEach((e,n)=>{o.push({sum:(t[n]??0)-(a[n]??0),nodes:[n]});for(let e=o.at(-1),t=o.at(-2);e&&t&&!(t.sum/t.nodes.length<=e.sum/e.nodes.length);t=o.at(-2))t.sum+=e.sum,t.nodes.push(...e.nodes),o.pop(),e=t});for(let t of o){let n=t.sum/t.nodes.length;for(let i of t.nodes)r[e[i]??0]=n+(a[i]??0)}}function layersOf(e,t){let n=columnsOf(e,t),r=({from:e,to:t})=>(n[t]??0)-(n[e]??0),i=t.reduce((e,t)=>e+r(t)-1,0)<=4e3,a=t.map(e=>{let t=[];for(let a=1;i&&a<r(e);a+=1)t.push(n.length),n.push((n[e.from]??0)+a);return[e.from,...t,e.to]}),o=n.map(()=>[]),s=n.map(()=>[]);for(let e of a)e.slice(1).forEach((t,n)=>{o[t]?.push(e[n]??0),s[e[n]??0]?.push(t)});let c=Array.from({length:Math.max(-1,...n)+1},()=>[]);return n.forEach((e,t)=>{c[e]?.push(t)}),{columns:ordered(c,o,s),before:o,after:s,routes:a}}function columnsOf(e,t){let n=Array(e).fill(0),r=Array.from({length:e},()=>[]);for(let{from:e,to:n}of t)r[n]?.push(e);return r.forEach((e,t)=>{n[t]=e.reduce((e,t)=>Math.max(e,(n[t]??0)+1),0)}),n}function ordered(e,t,n){let[r,i]=[e,crossings(e,n)],a=e;for(let e=0;e<12&&i>0;e+=1){a=swept(a,e%2==0?t:n,e%2==0);let o=crossings(a,n);o<i&&([r,i]=[a,o])}return r}function swept(e,t,n){let r=[],i=(n?[...e]:e.toReversed()).map(e=>{let n=new Map(e.map((n,i)=>{let a=(t[n]??[]).map(e=>r[e]??0),o=a.reduce((e,t)=>e+t,0)/a.length;return[n,a.length===0?i/e.length:o]})),i=e.toSorted((e,t)=>(n.get(e)??0)-(n.get(t)??0));return i.forEach((e,t)=>{r[e]=t/i.length}),i});return n?i:i.reverse()}function crossings(e,t){let n=0;for(let[r,i]of e.entries()){let a=new Map(e[r+1]?.map((e,t)=>[e,t])),o=[];for(let e of i){let r=(t[e]??[]).map(e=>a.get(e)??0);for(let e of r)n+=o.filter(t=>t>e).length;o.push(...r)}}return n}const LIMITS={nodes:400,edges:900},round=e=>Math.round(e*10)/10,endOf=e=>e.length>26?`\u2026${e.slice(-25)}`:e,columnX=e=>8+e*246;function draw(e){let t=layersOf(e.rows.length,e.edges),n=layerHeights(t,t=>t<e.rows.length?56:14).map(e=>e+8),r=[];for(let[e,n]of t.columns.entries())for(let t of n)r[t]=columnX(e);return{part:e,layers:t,x:r,y:n}}function edgePath(e,{x:t,y:n}){let r=e=>({x:t[e]??0,y:round(n[e]??0)}),[i=0,...a]=e,o=r(i),s=a.map((t,n)=>{let i=r(e[n]??0),a=r(t),o=(a.x-i.x-190)/2,s=t===e.at(-1)?``:` H${a.x+190}`;return`C${i.x+190+o} ${i.y} ${a.x-o} ${a.y} ${a.x} ${a.y}${s}`});return`M${o.x+190} ${o.y}${s.join(``)}`}function edgeShape(e,t){let n=t.part.rows[e[0]??0];return`<path class="edge${n?.state===`failed`||n?.state===`blocked`?` stopped`:``}" d="${edgePath(e,t)}"/>`}function nodeShape(e,t,{x:n,y:r},i){let a=n[t]??0,o=round((r[t]??0)-21),s=require_core.oneLine(e.label,200),c=e.seconds===null?``:`, ${require_action.secondsText(e.seconds)}`;return[`<a href="#${i}" class="node ${e.state}"><title>${require_action.htmlText(`${s}: ${e.state}${c}`)}</title>`,`<rect x="${a}" y="${o}" width="190" height="42" rx="6"/>`,`<text x="${a+10}" y="${o+18}" class="name">${require_action.htmlText(`${require_action.LOOKS[e.state].symbol} ${endOf(s)}`)}</text>`,`<text x="${a+10}" y="${o+34}">${e.state}${c}</text></a>`].join(``)}function pageGraph(e,t){let n=require_action.graphPart(e,LIMITS),r=draw(n),i=columnX(r.layers.columns.length)-56+8,a=round(Math.max(0,...r.y)+21+8);return{svg:`<svg viewBox="0 0 ${i} ${a}" width="${i}" height="${a}" role="group" aria-label="Graph of the chain, bases to the left">\n${[...r.layers.routes.map(e=>edgeShape(e,r)),...n.rows.map((e,n)=>nodeShape(e,n,r,t(e)))].join(`
`)}\n</svg>`,width:i,leftOut:n.leftOut}}const code=e=>`<code>${require_action.htmlText(e)}</code>`,logAnchor=e=>`${e}-log`,lines=e=>`<pre tabindex="0">${require_action.htmlText(require_core.plainText(e))}</pre>`;function pageLog(e,t,{text:n,leftOut:r}){let i=r>0?`<p>The first ${require_action.bytesText(r)} are in ${code(require_core.oneLine(e.logFile??``,500))} only.</p>`:``;return`<details id="${logAnchor(t)}"><summary>${require_action.htmlText(`${require_action.LOOKS[e.state].symbol} ${require_core.oneLine(e.label,150)}`)}</summary>${i}${lines(n)}</details>`}function failureArticle(e,t,n){let r=e.failure,i=require_action.failedPlace(r),a=[`${r.command.tool} ${require_action.htmlText(require_core.oneLine(r.message))}`,...i?[`at ${code(require_core.oneLine(i))}`]:[],`in the manifest at ${code(require_core.oneLine(e.place))}`];return`<article class="failed"><h3>${code(require_core.oneLine(e.label,150))}</h3>
<p>${a.join(` · `)}</p>
${r.lastLines.length>0?lines(r.lastLines.map(e=>require_core.cutText(e,2e3)).join(`
`)):``}
${(r.advice??[]).map(e=>`<p class="advice">${require_action.htmlText(require_core.oneLine(e,1e3))}</p>`).join(``)}
<p>${n?`<a href="#${logAnchor(t)}">Log</a> \u00B7 `:``}Command: ${code(require_core.oneLine(require_core.escapeControls(require_core.shellLine(r.command)),4e3))}</p></article>`}function pageFailures(e,t,n){let r=e.filter(({failure:e})=>e!==void 0);if(r.length===0)return``;let i=r.slice(0,50).map(e=>failureArticle(e,t(e),n.has(e.id))),a=r.length-i.length,o=a>0?`<p>${require_action.countText(a,`more failed image`)} in the table.</p>`:``;return`<section aria-labelledby="failed"><h2 id="failed">What failed</h2>${i.join(`
`)}${o}</section>`}function tableRow(e,t,n){let r=e.failure?.message??e.reason,i=[`<th scope="row">${require_action.htmlText(require_core.oneLine(e.name,120))}</th>`,`<td>${e.tags.slice(0,20).map(e=>code(require_core.oneLine(e,250))).join(`<br>`)}</td>`,`<td><strong>${require_action.LOOKS[e.state].symbol} ${e.state}</strong>: ${require_action.htmlText(require_core.oneLine(r,1e3))}${n?` \u00B7 <a href="#${logAnchor(t)}">log</a>`:``}</td>`,`<td>${require_action.secondsText(e.seconds)}</td>`,`<td>${require_action.bytesText(e.bytes)}</td>`,`<td>${e.digest===null?`–`:code(require_core.oneLine(e.digest))}</td>`];return`<tr id="${t}" class="${e.state}">${i.join(``)}</tr>`}function pageTable(e,t,n){let r=[],i=4e6;for(let a of require_action.byUrgency(e)){let e=tableRow(a,t(a),n.has(a.id));if(i-=Buffer.byteLength(e),i<0)break;r.push(e)}let a=e.length-r.length,o=a>0?`<p>\u2026 and ${require_action.countText(a,`image`)} more, which the report has.</p>`:``;return`<section aria-labelledby="images"><h2 id="images">Images</h2>
<div class="wide"><table class="images"><thead><tr>${[`Image`,`Tags`,`Status and reason`,`Time`,`Size`,`Digest`].map(e=>`<th scope="col">${e}</th>`).join(``)}</tr></thead>
<tbody>
${r.join(`
`)}
</tbody></table></div>${o}</section>`}const STATES={failed:[`#ffd7d5`,`#cf222e`,`#82071e`,`#5c1117`,`#ff7b72`,`#ffdcd7`],blocked:[`#fff8c5`,`#9a6700`,`#4d2d00`,`#3f2f05`,`#d29922`,`#f8e3a1`],skipped:[`#eaeef2`,`#6e7781`,`#32383f`,`#272c33`,`#8b949e`,`#c9d1d9`],built:[`#dafbe1`,`#1a7f37`,`#044f1e`,`#0f3d1c`,`#3fb950`,`#aff5b4`],reused:[`#ddf4ff`,`#0969da`,`#0a3069`,`#0c2d5a`,`#58a6ff`,`#cae8ff`]},variables=e=>Object.entries(STATES).map(([t,n])=>`--${t}:${n[e]};--${t}-line:${n[e+1]};--${t}-text:${n[e+2]};`).join(``),rules=Object.keys(STATES).map(e=>`.node.${e} rect{fill:var(--${e});stroke:var(--${e}-line)}
.node.${e} text{fill:var(--${e}-text)}
.bar b.${e}{background:var(--${e}-line)}
.images .${e} strong{color:var(--${e}-text)}`).join(`
`),PAGE_STYLE=`
:root{color-scheme:light dark;--page:#fff;--text:#1f2328;--faint:#59636e;--line:#d1d9e0;--soft:#f6f8fa;--link:#0969da;${variables(0)}}
@media (prefers-color-scheme:dark){:root{--page:#0d1117;--text:#e6edf3;--faint:#9198a1;--line:#3d444d;--soft:#151b23;--link:#4493f8;${variables(3)}}}
*{box-sizing:border-box}
body{margin:0;background:var(--page);color:var(--text);font:15px/1.5 system-ui,-apple-system,"Segoe UI","DejaVu Sans",sans-serif}
main{max-width:1700px;margin:0 auto;padding:24px}
a{color:var(--link)}
h1{font-size:24px;line-height:1.35;margin:0 0 8px;overflow-wrap:anywhere}
h2{font-size:19px;margin:32px 0 12px;border-bottom:1px solid var(--line);padding-bottom:4px}
h3{font-size:16px;margin:0 0 4px}
code,pre{font-family:ui-monospace,SFMono-Regular,Menlo,"DejaVu Sans Mono",monospace;font-size:.88em}
code{background:var(--soft);border-radius:4px;padding:1px 5px;overflow-wrap:anywhere}
pre{background:var(--soft);border:1px solid var(--line);border-radius:6px;padding:10px 12px;margin:8px 0;overflow:auto;max-height:32em}
header{border-left:6px solid var(--built-line);padding:4px 0 4px 16px}
header.failed{border-color:var(--failed-line)}
header.interrupted{border-color:var(--blocked-line)}
header p{margin:0;color:var(--faint)}
header .mark{color:var(--built-line)}
header.failed .mark{color:var(--failed-line)}
header.interrupted .mark{color:var(--blocked-line)}
header .cause{color:var(--failed-text);background:var(--failed)}
article{border:1px solid var(--line);border-left:4px solid var(--failed-line);border-radius:6px;padding:12px 16px;margin:0 0 12px}
article p{margin:4px 0}
.advice{border-left:4px solid var(--reused-line);padding-left:10px}
.wide{overflow-x:auto}
table{border-collapse:collapse;width:100%}
th,td{border-bottom:1px solid var(--line);padding:5px 10px;text-align:left;vertical-align:top;font-weight:normal}
thead th{color:var(--faint);white-space:nowrap}
tbody th{white-space:nowrap}
.images td:nth-child(n+4),.time td{white-space:nowrap}
.images td:nth-child(2){min-width:14em}
tr:target{outline:3px solid var(--link)}
.time td.bar{position:relative;width:70%;min-width:300px;padding:0}
.bar b{position:absolute;top:20%;height:60%;border-radius:2px}
.bar.scale{overflow:hidden;color:var(--faint);font-size:12px}
.bar.scale i{position:absolute;bottom:4px;font-style:normal;border-left:1px solid var(--line);padding-left:3px}
svg{display:block;font:12px system-ui,-apple-system,"Segoe UI","DejaVu Sans",sans-serif}
.fits svg{max-width:100%;height:auto}
.edge{fill:none;stroke:var(--faint);stroke-width:1.2;opacity:.55}
.edge.stopped{stroke:var(--failed-line);stroke-dasharray:5 4;opacity:1}
.node{text-decoration:none}
.node rect{stroke-width:1.2}
.node.failed rect{stroke-width:4}
.node.blocked rect,.node.skipped rect{stroke-dasharray:5 4}
.node .name{font-weight:600}
.node:focus rect,.node:hover rect{stroke-width:3}
details{border:1px solid var(--line);border-radius:6px;margin:0 0 6px;padding:6px 12px}
summary{cursor:pointer}
details:target{outline:3px solid var(--link)}
${rules}
`,STEPS=[.1,.2,.5,1,2,5,10,15,30,60,120,300,600,900,1800,3600,7200,21600,86400],percent=(e,t)=>`${Math.round((t>0?e/t:0)*1e4)/100}%`;function ticks(e){let t=STEPS.find(t=>e/t<=8)??e,n=t>0?Math.floor(e/t):0;return Array.from({length:n+1},(e,n)=>n*t).map(t=>`<i style="left:${percent(t,e)}">${tickText(t)}</i>`).join(``)}const tickText=e=>e<60?`${Math.round(e*10)/10} s`:`${Math.round(e/60*10)/10} min`;function attemptBars({row:e,start:t},n){let[r]=e.attempts;return e.attempts.map(({startedAt:i,seconds:a},o)=>{let s=t+i-(r?.startedAt??0);return`<b class="${o<e.attempts.length-1?`failed`:e.state}" style="left:${percent(s,n)};width:max(2px,${percent(a,n)})"></b>`}).join(``)}function pageTime({bars:e,total:t},n){let r=require_action.mainBars(e,400),i=r.map(e=>{let{row:r,start:i,end:a}=e,o=require_action.htmlText(`${require_action.LOOKS[r.state].symbol} ${require_core.oneLine(r.label,120)}`);return`<tr class="${r.state}"><th scope="row"><a href="#${n(r)}">${o}</a></th><td>${require_action.secondsText(i)}</td><td>${require_action.secondsText(a-i)}</td><td class="bar" aria-hidden="true">${attemptBars(e,t)}</td></tr>`}),a=e.length-r.length,o=a>0?`<p>\u2026 and ${a} shorter builds.</p>`:``;return`<section aria-labelledby="time"><h2 id="time">Time</h2>
<div class="wide"><table class="time"><thead><tr><th scope="col">Image</th><th scope="col">Began after</th><th scope="col">Took</th><td class="bar scale" aria-hidden="true">${ticks(t)}</td></tr></thead>
<tbody>
${i.join(`
`)}
</tbody></table></div>${o}</section>`}function runPage({plan:e,results:t,logs:n,pushes:r}){let i=require_action.runRows(e,t,r),a=new Map(i.map(({id:e},t)=>[e,`image-${t}`])),o=({id:e})=>a.get(e)??``,s=require_action.waterfall(i),c=require_action.runHeadline(i);return`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<title>${require_action.htmlText(`${c.mark} ${c.subject??``} ${c.words}`)} \u2013 build-chain</title>
<style>${PAGE_STYLE}</style>
</head>
<body>
<main>
${header(c,i,s)}
${[pageFailures(i,o,n),graphSection(i,o),s?pageTime(s,o):``,pageTable(i,o,n),logSection(i,o,n)].filter(Boolean).join(`
`)}
</main>
</body>
</html>
`}const CLASSES={"❌":`failed`,"⚠️":`interrupted`,"✅":`built`,"📋":`built`},SYMBOLS={"❌":`✗`,"⚠️":`!`,"✅":`✓`,"📋":`●`};function header({mark:e,subject:t,words:n,cause:r},i,a){let o=t===void 0?``:`<code>${require_action.htmlText(t)}</code> `,s=r===void 0?``:`: <code class="cause">${require_action.htmlText(r)}</code>`,c=a&&`began at ${new Date(a.startedAt*1e3).toISOString().slice(0,19)}Z`,l=[require_action.countText(i.length,`image`),...require_action.countsWords(i,a?.total)];return`<header class="${CLASSES[e]}"><h1><span class="mark">${SYMBOLS[e]}</span> ${o}${require_action.htmlText(n)}${s}</h1>
<p>${[...l,...c?[c]:[]].map(require_action.htmlText).join(` · `)}</p></header>`}function graphSection(e,t){if(e.length===0)return``;let{svg:n,width:r,leftOut:i}=pageGraph(e,t),a=i>0?`<p>The chain is too large to be drawn whole: ${require_action.countText(i,`image`)} further away from what failed or was built are left out.</p>`:``;return`<section aria-labelledby="graph"><h2 id="graph">Graph</h2>
<div class="wide${r<=1900?` fits`:``}" tabindex="0" role="region" aria-labelledby="graph">${n}</div>${a}</section>`}function logSection(e,t,n){let r=require_action.byUrgency(e).flatMap(e=>{let r=n.get(e.id);return r?[pageLog(e,t(e),r)]:[]});return r.length===0?``:`<section aria-labelledby="logs"><h2 id="logs">Logs</h2>\n${r.join(`
`)}</section>`}function wantedLogs(e){let t=e.filter(({status:e})=>e===`failed`),n=e.filter(({status:e})=>e!==`failed`),r=8e6;return[...t,...n].flatMap(({image:e,status:t,logFile:n})=>{let i=Math.min(r,t===`failed`?512e3:64e3);return n===null||i===0?[]:(r-=i,[{id:e.id,path:n,bytes:i}])})}const microseconds=e=>Math.round(e*1e6);function traceJson(e,t,n=[]){let r=require_action.runRows(e,t),i=require_action.waterfall([...r,...n.flatMap(e=>pushRow(e,r))]),a=i?.bars??[],o=[...new Set(a.map(({lane:e})=>e))].sort((e,t)=>e-t),s=[name(`process_name`,0,`build-chain`),...o.map(e=>name(`thread_name`,e+1,`lane ${e+1}`)),...a.flatMap(imageEvents),...arrows(a)],c={displayTimeUnit:`ms`,otherData:{startedAt:i?new Date(i.startedAt*1e3).toISOString():null}},l=s.map(e=>JSON.stringify(e));return`${JSON.stringify(c).slice(0,-1)},"traceEvents":[\n${l.join(`,
`)}\n]}\n`}function pushRow(e,t){let{image:n,status:r,reason:i,startedAt:a,seconds:o}=e,s=t.find(({id:e})=>e===n.id);if(!s||a===void 0)return[];let c=[{startedAt:a,seconds:o??0}],l=r===`pushed`?`built`:r,u=`push ${s.id}`;return[{...s,id:u,label:`push ${s.label}`,state:l,reason:i,dependsOn:[],attempts:c}]}const name=(e,t,n)=>({name:e,ph:`M`,pid:1,tid:t,args:{name:n}});function imageEvents({row:e,start:t,end:n,lane:r}){let i={ph:`X`,pid:1,tid:r+1},[a]=e.attempts,o={...i,name:e.label,cat:e.state,ts:microseconds(t),dur:microseconds(n-t),args:{id:e.id,builder:e.builder,status:e.state,reason:e.reason,tags:e.tags}};return e.attempts.length<2?[o]:[o,...e.attempts.map(({startedAt:e,seconds:n},r)=>({...i,name:`attempt ${r+1}`,cat:`attempt`,ts:microseconds(t+e-(a?.startedAt??0)),dur:microseconds(n)}))]}function arrows(e){let t=new Map(e.map(e=>[e.row.id,e]));return e.flatMap(e=>e.row.dependsOn.flatMap(n=>{let r=t.get(n);return r?[{from:r,to:e}]:[]})).flatMap(({from:e,to:t},n)=>{let r={name:`base`,cat:`base`,id:n,pid:1};return[{...r,ph:`s`,tid:e.lane+1,ts:microseconds(e.end)-1},{...r,ph:`f`,bp:`e`,tid:t.lane+1,ts:microseconds(t.start)}]})}function readLogs(e){let t=wantedLogs(e).flatMap(({id:e,path:t,bytes:n})=>{let r=readTail(t,n);return r?[[e,r]]:[]});return new Map(t)}const pageOf=({plan:e,results:t,pushes:n})=>runPage({plan:e,results:t,pushes:n,logs:readLogs(t)}),traceOf=({plan:e,results:t,pushes:n})=>traceJson(e,t,n);exports.pageOf=pageOf,exports.traceOf=traceOf;