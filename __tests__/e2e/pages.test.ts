import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { micromark } from 'micromark'
import { gfm, gfmHtml } from 'micromark-extension-gfm'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { mermaidStates } from '../../src/report/mermaid-states.js'
import { runPage } from '../../src/report/page.js'
import { oneLine } from '../../src/report/plain-text.js'
import { runRows } from '../../src/report/row.js'
import { runSummary } from '../../src/report/summary.js'
import { type Browser, type BrowserPage, mermaidScript, openBrowser } from '../fixtures/browser.js'
import { anImage, aPlannedImage, aResult } from '../fixtures/image.js'
import { aFailure, aPlan, failedChain, longChain, type SampleRun } from '../fixtures/sample-run.js'

let browser: Browser
let folder: string
let pages = 0
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'build-chain-pages-'))
  browser = await openBrowser()
})
afterAll(async () => {
  await browser.close()
  rmSync(folder, { recursive: true })
})

async function show(html: string): Promise<BrowserPage> {
  pages += 1
  const file = join(folder, `${pages}.html`)
  writeFileSync(file, html)
  return browser.visit(file)
}

const LOG = { text: 'building\n<b>bold</b>\n', leftOut: 0 }

const pageOf = (run: SampleRun): string =>
  runPage({ ...run, logs: new Map(run.results.map(({ image }) => [image.id, LOG])) })

const EVIL = [
  '<script>evil = 1</script>',
  '<img src=x onerror="evil = 1">',
  '"><svg onload=evil=1>',
  '</pre></details></script><h1>evil',
  '`evil` |a|b| #quot;];click n0 href "javascript:evil"',
  'style x:#fff;} end subgraph --> n0',
  '%%{init: {"theme":"dark"}}%%',
  "'-alert(1)-'",
  '1. list [x](http://evil.test) **bold** &lt;b&gt;',
  '漢 😀 é'
]

/** A chain of which everything that others write is one of those texts. */
function evilRun(): SampleRun {
  const images = EVIL.map((text, at) => anImage({ id: `${at}${text}`, name: text, tags: [text] }))
  const planned = images.map((image, at) =>
    aPlannedImage({ image, dependsOn: at === 0 ? [] : [images[at - 1]?.id ?? ''] })
  )
  const results = planned.map(each =>
    aResult({
      image: each.image,
      status: 'failed',
      reason: each.image.name,
      failure: aFailure(each, { message: each.image.name, lastLines: EVIL })
    })
  )
  return { plan: aPlan(planned), results }
}

/** The contrast of text on what is behind it: https://www.w3.org/TR/WCAG21/#dfn-contrast-ratio */
const CONTRASTS = `(() => {
  const luminance = text => {
    const [r, g, b] = text.match(/[\\d.]+/g).slice(0, 3).map(Number)
      .map(value => value / 255).map(v => v <= 0.03928 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4)
    return 0.2126 * r + 0.7152 * g + 0.0722 * b
  }
  const contrast = (one, other) => {
    const [dark, light] = [luminance(one), luminance(other)].sort((a, b) => a - b)
    return (light + 0.05) / (dark + 0.05)
  }
  const behind = element => {
    for (let at = element; at; at = at.parentElement) {
      const { backgroundColor } = getComputedStyle(at)
      if (!/, 0\\)|transparent/.test(backgroundColor)) return backgroundColor
    }
    return 'rgb(255, 255, 255)'
  }
  const texts = [...document.querySelectorAll('h1,h2,h3,p,th,td,td strong,code,pre,a:not(.node),summary')]
    .filter(element => element.textContent.trim())
    .map(element => contrast(getComputedStyle(element).color, behind(element)))
  const nodes = [...document.querySelectorAll('.node')].map(node =>
    contrast(getComputedStyle(node.querySelector('text')).fill, getComputedStyle(node.querySelector('rect')).fill))
  return Math.min(...texts, ...nodes)
})()`

describe('the page of a failed chain of 30 images, in a browser', () => {
  let page: BrowserPage
  beforeAll(async () => {
    page = await show(pageOf(failedChain()))
  })

  it('opens from disk, asks for nothing else, and has nothing to complain of', () => {
    expect(page.requests).toHaveLength(1)
    expect(page.problems).toEqual([])
  })

  it('says at the top what failed and why, without a scroll', async () => {
    expect(await page.evaluate('document.querySelector("h1").innerText')).toBe(
      '✗ acme/api-base:2.4 failed at Dockerfile:12: E: Unable to locate package postgresql-client-19'
    )
    const bottom = await page.evaluate<number>(
      'document.querySelector("article pre").getBoundingClientRect().bottom'
    )
    expect(bottom).toBeLessThan(900)
  })

  it('draws each image apart from the others, its name within it', async () => {
    const boxes = await page.evaluate<[number, number, number, number, number][]>(
      `[...document.querySelectorAll('.node')].map(node => {
        const { left, right, top, bottom } = node.querySelector('rect').getBoundingClientRect()
        const texts = [...node.querySelectorAll('text')].map(text => text.getBoundingClientRect().right)
        return [left, right, top, bottom, Math.max(...texts)]
      })`
    )
    expect(boxes).toHaveLength(30)
    boxes.forEach(([left, right, top, bottom, textRight], index) => {
      expect(textRight).toBeLessThan(right)
      for (const [l, r, t, b] of boxes.slice(index + 1)) {
        expect(right <= l || r <= left || bottom <= t || b <= top).toBe(true)
      }
    })
  })

  it('does not run out of the window, and leads from the graph to the table', async () => {
    const width = 'document.documentElement.scrollWidth - document.documentElement.clientWidth'
    expect(await page.evaluate(width)).toBe(0)
    const row = await page.evaluate(
      `document.querySelector('.node.failed').dispatchEvent(new MouseEvent('click', { bubbles: true })), document.querySelector(':target').innerText`
    )
    expect(row).toMatch(/^api-base\s[^]*failed: ended with exit status 100/)
  })

  it('has every log folded', async () => {
    const logs = `[...document.querySelectorAll('details')].map(({ open, textContent }) => open ? 'open' : textContent)`
    const texts = await page.evaluate<string[]>(logs)
    expect(texts).toHaveLength(30)
    expect(texts[0]).toBe(`✗ acme/api-base:2.4${LOG.text}`)
  })

  it.each(['light', 'dark'] as const)('can be read on a %s system', async scheme => {
    await page.prefer(scheme)
    const background = 'getComputedStyle(document.body).backgroundColor'
    expect(await page.evaluate(background)).toBe(
      scheme === 'light' ? 'rgb(255, 255, 255)' : 'rgb(13, 17, 23)'
    )
    expect(await page.evaluate<number>(CONTRASTS)).toBeGreaterThan(4.5)
  })
})

describe('other pages, in a browser', () => {
  it('show what tries to act as text', async () => {
    const page = await show(pageOf(evilRun()))
    expect(page.requests).toHaveLength(1)
    expect(page.problems).toEqual([])
    expect(await page.evaluate('typeof evil')).toBe('undefined')
    expect(
      await page.evaluate('document.querySelectorAll("script,img,h1 h1,svg svg").length')
    ).toBe(0)
    const names = `[...document.querySelectorAll('article h3')].map(name => name.textContent)`
    expect(await page.evaluate(names)).toEqual(EVIL)
  })

  it('of 10,000 images open', async () => {
    const page = await show(runPage({ ...longChain(10_000), logs: new Map() }))
    expect(await page.evaluate('document.querySelectorAll(".images tbody tr").length')).toBe(10_000)
  })
})

describe('the graph of a job summary, as Mermaid draws it', () => {
  let script: string
  beforeAll(() => {
    script = mermaidScript()
  })

  /** The labels that Mermaid draws of a graph, in the settings of GitHub. */
  async function labelsOf(graph: string): Promise<readonly string[]> {
    const page = await show(
      `<!doctype html><meta charset="utf-8"><script src="file://${script}"></script>`
    )
    await page.evaluate('mermaid.initialize({ startOnLoad: false, securityLevel: "strict" })')
    return page.evaluate(
      `mermaid.render('graph', ${JSON.stringify(graph)}).then(({ svg }) => {
        document.body.innerHTML = svg
        return [...document.querySelectorAll('.node .nodeLabel')].map(label => label.innerText)
      })`
    )
  }

  it('has every image of a failed chain, with its state', async () => {
    const { plan, results } = failedChain()
    const html = micromark(runSummary(plan, results), {
      extensions: [gfm()],
      htmlExtensions: [gfmHtml()],
      allowDangerousHtml: true
    })
    const page = await show(`<!doctype html><meta charset="utf-8">${html}`)
    const graph = await page.evaluate<string>(
      'document.querySelector("code.language-mermaid").textContent'
    )
    const labels = await labelsOf(graph)
    expect(labels).toHaveLength(30)
    expect(labels).toContain('✗ acme/api-base:2.4\nfailed, 4.6 s')
  })

  it('shows what tries to act as text', async () => {
    const { plan, results } = evilRun()
    const labels = await labelsOf(mermaidStates(runRows(plan, results)).text)
    const shown = labels.map(label => label.replace(/\nfailed, 1\.5 s$/, ''))
    expect(shown).toEqual(EVIL.map(text => `✗ ${oneLine(text, 60)}`))
  })

  it('is drawn at its limits', async () => {
    const { plan, results } = longChain(10_000)
    expect(await labelsOf(mermaidStates(runRows(plan, results)).text)).toHaveLength(100)
  })
})
