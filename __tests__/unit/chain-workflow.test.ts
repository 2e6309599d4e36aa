import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { load } from 'js-yaml'
import { describe, expect, test } from 'vitest'
import { INPUTS } from '../../src/option-table.js'
import { filesIn, ROOT, readMarkdown } from '../fixtures/markdown.js'

interface Step {
  readonly id?: string
  readonly uses?: string
  readonly if?: string
  readonly with?: Readonly<Record<string, string>>
}

interface Job {
  readonly needs?: string | readonly string[]
  readonly if?: string
  readonly uses?: string
  readonly with?: Readonly<Record<string, unknown>>
  readonly strategy?: { readonly matrix: string }
  readonly steps: readonly Step[]
}

interface Workflow {
  readonly on: {
    readonly workflow_call: {
      readonly inputs: Readonly<Record<string, { readonly description: string }>>
    }
  }
  readonly jobs: Readonly<Record<string, Job>>
}

const read = (path: string) => readFileSync(join(ROOT, path), 'utf8')
const workflow = load(read('.github/workflows/chain.yml')) as Workflow
const { jobs } = workflow
const { inputs } = workflow.on.workflow_call
const stages = Object.keys(jobs).filter(name => name.startsWith('stage-'))
const actionOf = (job: Job | undefined) =>
  job?.steps.find(({ uses }) => uses === 'corpusops/build-chain@v1')

describe('the workflow that runs the stages', () => {
  test.each(stages.map((name, stage) => [stage, name] as const))(
    'has a job for stage %i that runs the legs of that stage after those before it',
    (stage, name) => {
      const { needs, if: condition, strategy, ...rest } = jobs[name] as Job
      const { needs: _, if: __, strategy: ___, ...first } = jobs['stage-0'] as Job
      expect(name).toBe(`stage-${stage}`)
      expect([needs].flat()).toEqual(['plan', ...(stage > 0 ? [`stage-${stage - 1}`] : [])])
      expect(condition).toBe(`needs.plan.outputs.stage-count > ${stage}`)
      expect(strategy?.matrix).toBe(`\${{ fromJSON(needs.plan.outputs.stages)[${stage}] }}`)
      expect(rest).toEqual(first)
    }
  )

  test('refuses a chain that has more stages than it has jobs', () => {
    const refusal = jobs.plan?.steps.at(-1)
    expect(refusal?.if).toBe(`steps.plan.outputs.stage-count > ${stages.length}`)
    expect(JSON.stringify(refusal)).toContain(`at most ${stages.length}`)
  })

  test('publishes after every stage', () => {
    expect(jobs.publish?.needs).toEqual(['plan', ...stages])
    expect(actionOf(jobs.publish)?.with?.push).toBe(true)
  })

  test('hands its inputs to the action, to every job that they concern', () => {
    const same = Object.entries(inputs).filter(([, { description }]) =>
      /of this name/.test(description)
    )
    const names = same.map(([name]) => name)
    expect(INPUTS.map(({ name }) => name)).toEqual(expect.arrayContaining(names))
    const given = (job: string) =>
      names.filter(name => actionOf(jobs[job])?.with?.[name] === `\${{ inputs.${name} }}`)
    expect(given('publish')).toEqual(names)
    expect(given('stage-0')).toEqual(names.filter(name => name !== 'images'))
    const building = ['packer-version', 'packer-plugins', 'retries', 'timeout-minutes']
    expect(given('plan')).toEqual(names.filter(name => !building.includes(name)))
  })
})

const examples = filesIn('examples/matrix/.github/workflows', '.yml')
const blocks = readMarkdown('docs/action.md').blocks

test.each(examples)('%s is what docs/action.md shows', path => {
  const file = path.replace('examples/matrix/', '')
  expect(blocks.find(({ words }) => words.includes(`file=${file}`))?.text).toBe(read(path))
})

test('the example gives the workflow inputs that it has', () => {
  const { chain } = (load(read('examples/matrix/.github/workflows/stages.yml')) as Workflow).jobs
  expect(chain?.uses).toBe('corpusops/build-chain/.github/workflows/chain.yml@v1')
  expect(Object.keys(inputs)).toEqual(expect.arrayContaining(Object.keys(chain?.with ?? {})))
})
