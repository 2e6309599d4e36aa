type Attributes = Readonly<Record<string, string | number>>

const literal = (text: string): string =>
  text.replace(/[&<>"]/g, character => `&#${character.charCodeAt(0)};`)

/** Numbers of a drawing need no more than a tenth of a pixel. */
const shown = (value: string | number): string =>
  typeof value === 'number' ? String(Math.round(value * 10) / 10) : literal(value)

/** An element of a drawing. */
export function element(name: string, attributes: Attributes, content = ''): string {
  const words = Object.entries(attributes).map(([key, value]) => ` ${key}="${shown(value)}"`)
  return `<${name}${words.join('')}${content === '' ? '/>' : `>${content}</${name}>`}`
}

/** A line of text; what a document marks as code is plain here. */
export const text = (words: string, x: number, y: number, more: Attributes = {}): string =>
  element('text', { x, y, ...more }, literal(words.replaceAll('`', '')))

export interface Line {
  readonly from: readonly [number, number]
  readonly to: readonly [number, number]
}

export const line = ({ from, to }: Line, kind: string): string =>
  element('line', { class: kind, x1: from[0], y1: from[1], x2: to[0], y2: to[1] })

export const rect = (box: Box, kind: string): string =>
  element('rect', { class: kind, ...box, rx: Math.min(3, box.width / 2, box.height / 2) })

export interface Box {
  readonly x: number
  readonly y: number
  readonly width: number
  readonly height: number
}

/** Colours of GitHub's pages, light and dark, as docs/assets/chain.svg has them. */
const STYLE = `
    .page { fill: #ffffff; stroke: #d0d7de }
    .grid { stroke: #d8dee4; stroke-width: 1 }
    .axis { stroke: #8c959f; stroke-width: 1 }
    .bar { stroke: #1f2328; stroke-width: 1.5; stroke-dasharray: 5 4 }
    .ours { fill: #0969da }
    .ours-line { fill: none; stroke: #0969da; stroke-width: 2 }
    .theirs { fill: #afb8c1 }
    .theirs-line { fill: none; stroke: #8250df; stroke-width: 2 }
    .theirs-dot { fill: #8250df }
    .met { fill: #1a7f37 }
    .met-line { stroke: #1a7f37; stroke-width: 2 }
    .missed { fill: #bc4c00 }
    .missed-line { stroke: #bc4c00; stroke-width: 2 }
    .first { fill: #0550ae }
    .second { fill: #218bff }
    .third { fill: #80ccff }
    text { fill: #1f2328 }
    .quiet { fill: #57606a; font-size: 12px }
    .head { font-weight: 600 }
    .right { text-anchor: end }
    .middle { text-anchor: middle }
    @media (prefers-color-scheme: dark) {
      .page { fill: #0d1117; stroke: #30363d }
      .grid { stroke: #262c36 }
      .axis { stroke: #6e7681 }
      .bar { stroke: #e6edf3 }
      .ours { fill: #58a6ff }
      .ours-line { stroke: #58a6ff }
      .theirs { fill: #484f58 }
      .theirs-line { stroke: #bc8cff }
      .theirs-dot { fill: #bc8cff }
      .met { fill: #3fb950 }
      .met-line { stroke: #3fb950 }
      .missed { fill: #f0883e }
      .missed-line { stroke: #f0883e }
      .first { fill: #1f6feb }
      .second { fill: #58a6ff }
      .third { fill: #a5d6ff }
      text { fill: #e6edf3 }
      .quiet { fill: #9ea7b3 }
    }
  `

export interface Drawing {
  readonly title: string
  /** What it shows, for who cannot see it. */
  readonly words: string
  readonly width: number
  readonly height: number
  readonly parts: readonly string[]
}

/** A whole drawing, for a light and a dark page. */
export function drawing({ title, words, width, height, parts }: Drawing): string {
  const page = rect({ x: 0.5, y: 0.5, width: width - 1, height: height - 1 }, 'page')
  const content = [
    element('title', { id: 'title' }, literal(title)),
    element('desc', { id: 'text' }, literal(words.replaceAll('`', ''))),
    `<style>${STYLE}</style>`,
    page,
    text(title, 20, 30, { class: 'head', 'font-size': 16 }),
    ...parts
  ]
  const attributes = {
    xmlns: 'http://www.w3.org/2000/svg',
    viewBox: `0 0 ${width} ${height}`,
    role: 'img',
    'aria-labelledby': 'title text',
    'font-family': "-apple-system, 'Segoe UI', Helvetica, Arial, sans-serif",
    'font-size': 13
  }
  return `${element('svg', attributes, `\n  ${content.join('\n  ')}\n`)}\n`
}
