import { describe, expect, it } from 'vitest'
import { runAction, runCli } from '../fixtures/program.js'
import { manifest, temporaryProject, writeTree } from '../fixtures/project.js'
import { standIns } from '../fixtures/stand-ins.js'

const image = (name: string, more: object = {}) => ({
  tag: `acme/${name}:1`,
  dockerfile: `${name}.Dockerfile`,
  ...more
})

/** A base with a test, and an image on it. */
function project(test: string) {
  const root = temporaryProject()
  const write = (text: string) =>
    writeTree(root, {
      'docker/IMAGES.json': manifest(image('base', { test: text }), image('app'))
    })
  write(test)
  writeTree(root, {
    'base.Dockerfile': 'FROM scratch\n',
    'app.Dockerfile': 'FROM acme/base:1\n'
  })
  const tools = standIns()
  const build = () => runCli(['build'], { cwd: root, env: tools.env })
  const tests = () => tools.calls().filter(({ args }) => args[0] === 'run')
  return { root, tools, write, build, tests }
}

describe('an image that fails its test', () => {
  it('blocks what stands on it, and ends the run with 1', async () => {
    const { build, tools } = project('exit 3')
    const { status, stdout, stderr } = await build()
    expect(status).toBe(1)
    expect(stdout).toBe('')
    expect(stderr).toContain('acme/base:1 failed: its test ended with exit status 3')
    expect(stderr).toContain('acme/app:1 blocked: stands on dockerfile__acme/base:1')
    expect(tools.builds()).toEqual(['docker acme/base:1'])
  })

  it('is in the outputs of the action as failed', async () => {
    const { root, tools } = project('exit 3')
    const step = await runAction({ workspace: root, env: tools.env })
    expect(step.status).toBe(1)
    const images = JSON.parse(step.outputs.images ?? '') as { status: string; imageId: unknown }[]
    expect(images.map(({ status }) => status)).toEqual(['failed', 'blocked'])
    expect(step.outputs.tags).toBe('')
  })

  it('is not remembered: the next run builds it again', async () => {
    const { build, tools } = project('exit 3')
    await build()
    await build()
    expect(tools.builds()).toEqual(['docker acme/base:1', 'docker acme/base:1'])
  })
})

describe('an image that is reused', () => {
  it('is not tested again', async () => {
    const { build, tests } = project('true')
    await build()
    expect((await build()).stderr).toContain('acme/base:1 reused: unchanged\n')
    expect(tests()).toHaveLength(1)
  })

  it('is tested, and not built, where only its test changed', async () => {
    const { build, tests, write, root, tools } = project('true')
    await build()
    write('true # more')
    const plan = await runCli(['plan'], { cwd: root, env: tools.env })
    expect(plan.stdout).toContain('reuse acme/base:1 (stage 0): unchanged; its test is new')
    expect((await build()).status).toBe(0)
    expect(tests()).toHaveLength(2)
    await build()
    expect(tests()).toHaveLength(2)
    expect(tools.builds()).toEqual(['docker acme/base:1', 'docker acme/app:1'])
  })

  it('fails where it does not pass its new test, each time', async () => {
    const { build, write, tools } = project('true')
    await build()
    write('exit 4')
    for (const _ of [1, 2]) {
      const { status, stderr } = await build()
      expect(status).toBe(1)
      expect(stderr).toContain('acme/base:1 failed: its test ended with exit status 4')
      expect(stderr).toContain('acme/app:1 blocked')
    }
    expect(tools.builds()).toHaveLength(2)
  })
})
