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
  /** A job that calls another workflow has no steps. */
  readonly jobs: Readonly<Record<string, Step & { readonly steps?: readonly Step[] }>>
}

/** The name of an action's repository, and the version with its comment. */
const USES = /^[ -]*uses: ([\w-]+\/[\w-]+)[\w/-]*@(.+)$/gm

const OURS = /^(\.\/|corpusops\/build-chain@v1$)/
const OUR_WORKFLOW = 'corpusops/build-chain/.github/workflows/chain.yml@v1'

describe.each([
  ...blocks
    .filter(({ language, text }) => language === 'yaml' && /^jobs:/m.test(text))
    .map(({ place, text }) => [place, text] as const),
  ...[
    ...filesIn('.github/workflows', '.yml'),
    ...filesIn('examples/matrix/.github/workflows', '.yml')
  ].map(path => [path, readFileSync(join(ROOT, path), 'utf8')] as const)
])('the workflow at %s', (_, text) => {
  const workflow = load(text) as Workflow
  const steps = Object.values(workflow.jobs).flatMap(job => job.steps ?? [])
  const ours = steps.filter(({ uses }) => OURS.test(uses ?? ''))

  test('says when it runs, and asks for no more than it says', () => {
    expect(workflow.on).toBeTruthy()
    expect(workflow.permissions).toMatchObject({ contents: 'read' })
  })

  test('pins the actions of others by commit, with the version beside it', () => {
    const used = text.match(/uses: .*/g)?.map(line => line.slice(6)) ?? []
    const others = used.filter(name => !OURS.test(name) && name !== OUR_WORKFLOW)
    for (const line of others) expect(line).toMatch(/@[0-9a-f]{40} # v\d+\.\d+\.\d+$/)
  })

  test('leaves no token in the checkout', () => {
    const checkouts = steps.filter(({ uses }) => uses?.startsWith('actions/checkout@'))
    if (steps.length > 0) expect(checkouts.length).toBeGreaterThan(0)
    for (const step of checkouts) expect(step.with).toMatchObject({ 'persist-credentials': false })
  })

  test('uses inputs and outputs that there are', () => {
    const inputs = INPUTS.map(({ name }) => name)
    for (const step of ours) {
      for (const input of Object.keys(step.with ?? {})) expect(inputs).toContain(input)
    }
    for (const [, id = '', output] of text.matchAll(/steps\.([\w-]+)\.outputs\.([\w-]+)/g)) {
      expect(steps.map(step => step.id)).toContain(id)
      if (!ours.some(step => step.id === id)) continue
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
