import { load } from 'js-yaml'
import { describe, expect, it } from 'vitest'
import { docsProject } from '../fixtures/docs-project.js'
import { readDocuments } from '../fixtures/markdown.js'

const blocks = readDocuments().flatMap(each => each.blocks)

const isCommands = ({ language, words }: (typeof blocks)[number]) =>
  language === 'sh' && !words.some(word => word.startsWith('file='))

describe('the commands', () => {
  const scripts = blocks.filter(isCommands)

  it('of many documents are run', () => {
    const documents = new Set(scripts.map(({ place }) => place.split(':')[0]))
    expect(documents.size).toBeGreaterThan(8)
  })

  it.each(scripts.map(({ place, text }) => [place, text] as const))(
    'at %s can be run as they are',
    async (_, text) => {
      const { status, stderr } = await docsProject().run(text)
      expect(stderr).not.toMatch(/not found|not known/)
      expect(status, stderr).toBe(0)
    }
  )
})

/** What stands after `$ ` and what it prints. */
const shown = blocks.flatMap(({ language, place, text }) => {
  const [, command, output] = /^\$ (build-chain .*)\n([^]*)$/.exec(text) ?? []
  return language === 'text' && command !== undefined ? [[place, command, output] as const] : []
})

describe('what is shown', () => {
  it.each(shown)('at %s is what the command prints: %s', async (_, command, output) => {
    const { stdout, stderr } = await docsProject().run(command)
    expect(`${stdout}${stderr}`).toBe(output)
  })
})

interface Job {
  readonly before_script?: readonly string[]
  readonly script?: readonly string[]
}

const pipelines = blocks
  .filter(({ language, text }) => language === 'yaml' && /^ +(before_)?script:/m.test(text))
  .map(({ place, text }) => [place, load(text) as Readonly<Record<string, Job>>] as const)

describe('the GitLab pipeline', () => {
  it.each(pipelines)('at %s has scripts that can be run', async (_, jobs) => {
    const lines = Object.values(jobs).flatMap(job => [
      ...(job.before_script ?? []),
      ...(job.script ?? [])
    ])
    expect(lines.length).toBeGreaterThan(0)
    const { status, stderr } = await docsProject().run(`${lines.join('\n')}\n`)
    expect(status, stderr).toBe(0)
  })
})
