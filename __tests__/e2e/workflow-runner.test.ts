import { execFileSync, spawnSync } from 'node:child_process'
import { cpSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, describe, expect, it } from 'vitest'
import { which } from '../../src/adapters/which.js'
import { manifest } from '../fixtures/project.js'
import { startRegistry } from '../fixtures/registry.js'
import { removeContainers } from '../fixtures/reuse-daemon.js'
import { findWorkflowTools, runWorkflow, workflowProject } from '../fixtures/workflow-runner.js'

const { folder: tools = '' } = findWorkflowTools()

const NAME = `bc-workflow-${process.pid}`
const made = new Set<string>()

/** A base of one busybox, and an app on it whose Dockerfile ends with `more`. */
function project(more = '', prefix = NAME): string {
  const tags = [`${prefix}/base:1`, `${prefix}/app:1`, `${prefix}/app:stable`]
  for (const tag of tags) made.add(tag)
  const root = workflowProject({
    'docker/IMAGES.json': manifest(
      { tag: tags[0], dockerfile: 'Dockerfile', working_dir: '../base' },
      { tag: tags[1], dockerfile: 'Dockerfile', working_dir: '../app', tags: [tags[2]] }
    ),
    'base/Dockerfile': 'FROM scratch\nCOPY busybox /bin/sh\n',
    'app/Dockerfile': `FROM ${tags[0]}\n${more}`
  })
  cpSync(which('busybox') ?? '/bin/busybox', join(root, 'base/busybox'), { dereference: true })
  return root
}

afterAll(() => {
  for (const tag of made) removeContainers(`ancestor=${tag}`)
  spawnSync('docker', ['rmi', '--force', ...made])
})

const TAGS = [`${NAME}/base:1`, `${NAME}/app:1`, `${NAME}/app:stable`]

describe.skipIf(tools === '')("a real runner's own interpreter of workflows", () => {
  it('runs the action, and hands what it built to later steps', async () => {
    const run = await runWorkflow(tools, project(), { workflow: 'build.yml' })
    expect(run.log).toContain('app:1 built')
    expect(run.status).toBe(0)
    expect(run.result('build')).toEqual([...TAGS, 'built', 'nothing evil'])
    expect(JSON.parse(run.outputs('chain')['tags-json'] ?? '')).toEqual(TAGS)
    for (const tag of TAGS) execFileSync('docker', ['inspect', tag], { stdio: 'pipe' })
  })

  it('fails a job whose image failed, and still hands on what was built', async () => {
    const run = await runWorkflow(tools, project('RUN exit 7\n'), { workflow: 'build.yml' })
    expect(run.status).toBe(1)
    expect(run.result('build').slice(0, 2)).toEqual([`${NAME}/base:1`, 'built'])
    const errors = run.commands('chain').filter(({ command }) => command === 'error')
    expect(errors).toHaveLength(1)
    expect(errors[0]?.data).toContain('returned a non-zero code: 7')
  })

  it.each([
    ['the classic builder', {}],
    ['BuildKit', { DOCKER_BUILDKIT: '1', PATH: `/usr/bin:${process.env.PATH}` }]
  ])('takes no word of an image built by %s for a command', async (_, settings) => {
    const words = [
      '::set-output name=tags::evil',
      '##[set-output name=tags]evil',
      '  ::add-mask::built',
      '::set-env name=EVIL::evil',
      '::error file=x::evil',
      '##[error]evil',
      '::save-state name=label::evil',
      '::stop-commands::evil',
      '::endgroup::'
    ]
    const printed = words.map(word => `RUN echo '${word}'\n`).join('')
    const run = await runWorkflow(
      tools,
      project(
        `${printed}RUN printf '::error::evil\\r::add-mask::built\\r\\n::set-output name=tags::evil'\n`
      ),
      {
        workflow: 'build.yml',
        args: Object.entries(settings).map(([name, value]) => `--env=${name}=${value}`)
      }
    )
    expect(run.status).toBe(0)
    for (const word of words) expect(run.log).toContain(word.trim())
    expect(run.result('build')).toEqual([...TAGS, 'built', 'nothing evil'])
    // The job summary is a file; the runner tells of it as of a command.
    const heeded = run.commands('chain').filter(({ command }) => command !== 'set-output')
    expect(new Set(heeded.map(({ command }) => command))).toEqual(
      new Set(['group', 'endgroup', 'stop-commands', 'summary', ...fences(heeded)])
    )
    expect(run.outputs('chain').tags).toBe(TAGS.join('\n'))
  })

  it('pushes every tag by a later step to a registry', async () => {
    const registry = await startRegistry()
    const run = await runWorkflow(tools, project('', registry.host), { workflow: 'push.yml' })
    expect(run.status).toBe(0)
    expect(await registry.tags('base')).toEqual(['1'])
    expect([...(await registry.tags('app'))].sort()).toEqual(['1', 'stable'])
  })
})

/** The words by which the fence was raised: each ends it once. */
const fences = (heeded: readonly { command: string; data: string }[]) =>
  heeded.filter(({ command }) => command === 'stop-commands').map(({ data }) => data)
