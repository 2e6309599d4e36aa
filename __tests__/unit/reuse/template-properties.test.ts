import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import fc from 'fast-check'
import { expect, it } from 'vitest'
import { ReuseProject } from '../../fixtures/reuse-project.js'
import {
  CHANGES,
  MOUNTS,
  PROVISIONERS,
  startTemplateProject,
  TEMPLATE_EDITS,
  type TemplateEdit,
  type WrittenTemplate
} from '../../fixtures/reuse-template-edits.js'

const RUNS = Number(process.env.REUSE_PROPERTY_RUNS ?? 150)
const LONG = { timeout: 400 * RUNS + 20_000 }

interface Case {
  readonly provisioners: readonly object[]
  readonly mounts: readonly string[]
  readonly changes: readonly string[]
  readonly edit: TemplateEdit
}

const cases: fc.Arbitrary<Case> = fc.record({
  provisioners: fc.subarray([...PROVISIONERS], { maxLength: 3 }),
  mounts: fc.subarray([...MOUNTS], { maxLength: 1 }),
  changes: fc.subarray([...CHANGES]),
  edit: fc.constantFrom(...TEMPLATE_EDITS)
})

interface Seen {
  readonly changed: boolean
  readonly action: string | undefined
  readonly reason: string
}

/** What the image holds before an edit and would hold after it, and what the program says. */
async function afterEdit({ edit, ...parts }: Case): Promise<Seen | undefined> {
  const folder = mkdtempSync(join(tmpdir(), 'build-chain-template-'))
  try {
    const project = new ReuseProject(folder)
    const written: WrittenTemplate = { ...parts, plain: 'a', given: '1', filed: '1' }
    startTemplateProject(project, written)
    const { results } = await project.build()
    expect(results[0]?.status).toBe('built')
    const before = project.truth(await project.plan())
    edit.apply(project, written)
    const chain = await project.plan()
    const [planned] = chain.plan.images
    const changed = JSON.stringify([...before]) !== JSON.stringify([...project.truth(chain)])
    return { changed, action: planned?.action, reason: planned?.reason ?? '' }
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}

it(
  'an edit that changes what a template makes is a build, and the reason names it',
  LONG,
  async () => {
    await fc.assert(
      fc.asyncProperty(cases, async each => {
        const seen = await afterEdit(each)
        if (!seen?.changed) return
        expect(seen.action).toBe('build')
        expect(each.edit.words.filter(word => seen.reason.includes(word))).not.toEqual([])
      }),
      { numRuns: RUNS }
    )
  }
)

it('an edit to a file that a template does not take in keeps its image', LONG, async () => {
  const files = cases.filter(({ edit }) => edit.filesOnly && !edit.name.startsWith('mode of'))
  await fc.assert(
    fc.asyncProperty(files, async each => {
      const seen = await afterEdit(each)
      if (seen && !seen.changed) expect(seen.reason).toBe('unchanged')
    }),
    { numRuns: RUNS }
  )
})
