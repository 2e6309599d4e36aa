import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import fc from 'fast-check'
import { expect, it } from 'vitest'
import {
  EDITS,
  type Edit,
  IGNORES,
  STEPS,
  startProject,
  type Written
} from '../../fixtures/reuse-edits.js'
import { ReuseProject } from '../../fixtures/reuse-project.js'

const RUNS = Number(process.env.REUSE_PROPERTY_RUNS ?? 150)

interface Case {
  readonly steps: readonly string[]
  readonly ignored: readonly string[]
  readonly edit: Edit
}

const cases: fc.Arbitrary<Case> = fc.record({
  steps: fc.subarray([...STEPS], { minLength: 1, maxLength: 4 }),
  ignored: fc.subarray([...IGNORES], { maxLength: 4 }),
  edit: fc.constantFrom(...EDITS)
})

async function inProject(use: (project: ReuseProject) => Promise<void>): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), 'build-chain-property-'))
  try {
    await use(new ReuseProject(folder))
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}

/** What the images hold, and what they would hold if they were built now. */
async function compare({ steps, ignored, edit }: Case, check: (seen: Seen) => void): Promise<void> {
  await inProject(async project => {
    const written: Written = { steps, ignored, argument: 'plain', comment: 'a', given: '1' }
    startProject(project, written)
    const { results } = await project.build()
    if (results.some(({ status }) => status !== 'built')) return
    const before = project.truth(await project.plan())
    edit.apply(project, written)
    const chain = await project.plan()
    const after = project.truth(chain)
    const of = (id: string) => chain.plan.images.find(({ image }) => image.id === id)
    for (const id of ['dockerfile__mid:1', 'dockerfile__app:1']) {
      const changed = JSON.stringify(before.get(id)) !== JSON.stringify(after.get(id))
      check({ changed, action: of(id)?.action ?? '', reason: of(id)?.reason ?? '' })
    }
  })
}

interface Seen {
  readonly changed: boolean
  readonly action: string
  readonly reason: string
}

/** What a link leads to counts as seen, although the same content by another way is the same build. */
const throughLink = ({ steps, edit }: Case) =>
  edit.name.endsWith('becomes a link') || steps.some(step => step.includes('current/'))

const LONG = { timeout: 400 * RUNS + 20_000 }

it('an edit that changes the real build is a build, and the reason names it', LONG, async () => {
  await fc.assert(
    fc.asyncProperty(cases, each =>
      compare(each, ({ changed, action, reason }) => {
        if (!changed) return
        expect(action).toBe('build')
        const words = [...each.edit.words, 'base dockerfile__mid:1 is rebuilt']
        expect(words.filter(word => reason.includes(word))).not.toEqual([])
      })
    ),
    { numRuns: RUNS }
  )
})

it('an edit to a file that no instruction sees keeps the image', LONG, async () => {
  const files = cases.filter(each => each.edit.filesOnly && !throughLink(each))
  await fc.assert(
    fc.asyncProperty(files, each =>
      compare(each, ({ changed, reason }) => {
        if (!changed) expect(reason).toBe('unchanged')
      })
    ),
    { numRuns: RUNS }
  )
})
