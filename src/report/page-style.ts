/** Colours of a state: background, line and text, on a light and on a dark page. */
const STATES = {
  failed: ['#ffd7d5', '#cf222e', '#82071e', '#5c1117', '#ff7b72', '#ffdcd7'],
  blocked: ['#fff8c5', '#9a6700', '#4d2d00', '#3f2f05', '#d29922', '#f8e3a1'],
  skipped: ['#eaeef2', '#6e7781', '#32383f', '#272c33', '#8b949e', '#c9d1d9'],
  built: ['#dafbe1', '#1a7f37', '#044f1e', '#0f3d1c', '#3fb950', '#aff5b4'],
  reused: ['#ddf4ff', '#0969da', '#0a3069', '#0c2d5a', '#58a6ff', '#cae8ff']
} as const

const variables = (from: 0 | 3) =>
  Object.entries(STATES)
    .map(
      ([state, colours]) =>
        `--${state}:${colours[from]};--${state}-line:${colours[from + 1]};--${state}-text:${colours[from + 2]};`
    )
    .join('')

const rules = Object.keys(STATES)
  .map(
    state => `.node.${state} rect{fill:var(--${state});stroke:var(--${state}-line)}
.node.${state} text{fill:var(--${state}-text)}
.bar b.${state}{background:var(--${state}-line)}
.images .${state} strong{color:var(--${state}-text)}`
  )
  .join('\n')

/** The style of the page: light or dark as the reader's system is. */
export const PAGE_STYLE = `
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
`
