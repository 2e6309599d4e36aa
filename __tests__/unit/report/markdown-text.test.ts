import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { markdownBlock, markdownCode, markdownText } from '../../../src/report/markdown-text.js'
import { oneLine, plainText } from '../../../src/report/plain-text.js'
import { foreignText, nodesOf, parseMarkdown, shownText } from '../../fixtures/rendered.js'

/** Kinds of nodes that a line of text may become. */
const HARMLESS = new Set(['root', 'paragraph', 'text', 'html', 'inlineCode'])
const OURS = /^<\/?(span|code)>$/

const read = (markdown: string) => {
  const root = parseMarkdown(`It says ${markdown}.`)
  const kinds = nodesOf(root).map(({ type }) => type)
  const tags = nodesOf(root).filter(({ type }) => type === 'html')
  return {
    foreign: [
      ...kinds.filter(kind => !HARMLESS.has(kind)),
      ...tags.map(({ value = '' }) => value).filter(tag => !OURS.test(tag))
    ],
    paragraphs: kinds.filter(kind => kind === 'paragraph').length,
    shown: shownText(root)
  }
}

describe.each([
  ['running text', markdownText],
  ['code', markdownCode]
])('foreign text as %s', (_, literal) => {
  it('is shown as it is, and is nothing but text', () => {
    fc.assert(
      fc.property(foreignText, text => {
        const line = oneLine(text)
        const { foreign, paragraphs, shown } = read(literal(line))
        expect({ foreign, paragraphs }).toEqual({ foreign: [], paragraphs: 1 })
        expect(shown).toBe(`It says ${line}.`)
      }),
      { numRuns: 600 }
    )
  })

  it('stays in its cell of a table', () => {
    fc.assert(
      fc.property(foreignText, foreignText, (one, other) => {
        const cells = [one, other].map(text => literal(oneLine(text)))
        const root = parseMarkdown(`| a | b |\n|-|-|\n| ${cells.join(' | ')} |\n`)
        const found = nodesOf(root).filter(({ type }) => type === 'tableCell')
        expect(found.slice(2).map(shownText)).toEqual([oneLine(one), oneLine(other)])
      }),
      { numRuns: 600 }
    )
  })
})

describe('text that GitHub itself would turn into something', () => {
  it.each([
    ['@octocat', '<span>@</span>octocat'],
    ['acme/app#12', 'acme/app<span>#</span>12'],
    ['costs $5 or $6', 'costs <span>$</span>5 or <span>$</span>6'],
    ['see :tada: now', 'see <span>:</span>tada: now'],
    ['http://evil.test', 'http<span>:</span>//evil.test'],
    ['base debian:12 moved', 'base debian:12 moved']
  ])('%s is parted: %s', (text, markdown) => {
    expect(markdownText(text)).toBe(markdown)
  })
})

describe('lines in a block', () => {
  it('are one piece of HTML that none of them ends', () => {
    fc.assert(
      fc.property(fc.array(foreignText, { maxLength: 8 }), texts => {
        const lines = texts.map(text => plainText(text))
        const root = parseMarkdown(`before\n\n${markdownBlock(lines)}\n\nafter\n`)
        expect(root.children?.map(({ type }) => type)).toEqual(['paragraph', 'html', 'paragraph'])
        const value = root.children?.[1]?.value ?? ''
        expect(value.match(/<[^>]*>/g)).toEqual(['<pre>', '</pre>'])
      }),
      { numRuns: 400 }
    )
  })
})

describe('plain text', () => {
  it('loses what a terminal would act on', () => {
    expect(plainText('\u001b[91mred\u001b[0m \u001b]0;title\u0007plain')).toBe('red plain')
  })

  it('shows a line that overwrites itself as it was left', () => {
    expect(plainText('10%\r50%\r100%\r\ndone')).toBe('100%\ndone')
  })

  it('shows characters that turn or end a line as replaced', () => {
    expect(plainText('a\u202eb\u0000c\ud800d')).toBe('a\ufffdb\ufffdc\ufffdd')
  })

  it('is never longer than asked, nor ends in half a character', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme', maxLength: 40 }), text => {
        const line = oneLine(text, 10)
        expect(line.length).toBeLessThanOrEqual(10)
        expect(line).not.toMatch(/\p{Surrogate}/u)
      })
    )
  })
})
