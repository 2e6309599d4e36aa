import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { load } from 'js-yaml'
import { describe, expect, test } from 'vitest'
import { INPUTS, OUTPUTS } from '../../src/option-table.js'
import { filesIn, ROOT, readDocuments } from '../fixtures/markdown.js'

const documents = readDocuments()
const blocks = documents.flatMap(each => each.blocks)

interface Step {
  readonly id?: string
  readonly uses?: string
  readonly with?: Readonly<Record<string, unknown>>
}

interface Workflow {
  readonly on?: unknown
  readonly permissions?: unknown
  readonly jobs: Readonly<Record<string, { readonly steps: readonly Step[] }>>
}

/** The name of an action's repository, and the version with its comment. */
const USES = /^[ -]*uses: ([\w-]+\/[\w-]+)[\w/-]*@(.+)$/gm

const OURS = /^(\.\/|corpusops\/build-chain@v1$)/

describe.each([
  ...blocks
    .filter(({ language, text }) => language === 'yaml' && /^jobs:/m.test(text))
    .map(({ place, text }) => [place, text] as const),
  ...filesIn('.github/workflows', '.yml').map(
    path => [path, readFileSync(join(ROOT, path), 'utf8')] as const
  )
])('the workflow at %s', (_, text) => {
  const workflow = load(text) as Workflow
  const steps = Object.values(workflow.jobs).flatMap(job => job.steps)
  const ours = steps.filter(({ uses }) => OURS.test(uses ?? ''))

  test('says when it runs, and asks for no more than it says', () => {
    expect(workflow.on).toBeTruthy()
    expect(workflow.permissions).toMatchObject({ contents: 'read' })
  })

  test('pins the actions of others by commit, with the version beside it', () => {
    const others = text.match(/uses: .*/g)?.filter(line => !OURS.test(line.slice(6))) ?? []
    for (const line of others) expect(line).toMatch(/@[0-9a-f]{40} # v\d+\.\d+\.\d+$/)
  })

  test('leaves no token in the checkout', () => {
    const checkouts = steps.filter(({ uses }) => uses?.startsWith('actions/checkout@'))
    expect(checkouts.length).toBeGreaterThan(0)
    for (const step of checkouts) expect(step.with).toEqual({ 'persist-credentials': false })
  })

  test('uses inputs and outputs that there are', () => {
    const inputs = INPUTS.map(({ name }) => name)
    for (const step of ours) {
      for (const input of Object.keys(step.with ?? {})) expect(inputs).toContain(input)
    }
    const ids = ours.flatMap(({ id }) => id ?? [])
    for (const [, id = '', output] of text.matchAll(/steps\.([\w-]+)\.outputs\.([\w-]+)/g)) {
      expect(ids).toContain(id)
      expect(OUTPUTS.map(({ name }) => name)).toContain(output)
    }
  })
})

test('one version of an action is used everywhere', () => {
  const files = filesIn('.github/workflows', '.yml').map(path =>
    readFileSync(join(ROOT, path), 'utf8')
  )
  const texts = [...files, ...documents.map(({ text }) => text)]
  const used = new Map<string, Set<string>>()
  for (const [, action = '', version = ''] of texts.join('\n').matchAll(USES)) {
    used.set(action, (used.get(action) ?? new Set()).add(version))
  }
  expect(used.size).toBeGreaterThan(3)
  expect([...used].filter(([, versions]) => versions.size > 1)).toEqual([])
})

test.each([...filesIn('.github/ISSUE_TEMPLATE', '.yml'), '.github/dependabot.yml'])(
  '%s is YAML',
  path => {
    expect(load(readFileSync(join(ROOT, path), 'utf8'))).toBeTypeOf('object')
  }
)
