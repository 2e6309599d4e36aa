import { readdirSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { imageSocket } from '../fixtures/image-socket.js'
import { watchLoading } from '../fixtures/loaded.js'
import { DIST, runAction, runCli } from '../fixtures/program.js'
import { manifest, temporaryProject, writeTree } from '../fixtures/project.js'
import { standIns } from '../fixtures/stand-ins.js'

/** A manifest of a base and an app on it, and files beside it. */
function project(files: Readonly<Record<string, string>> = {}): string {
  const cwd = temporaryProject()
  writeTree(cwd, {
    'docker/IMAGES.json': manifest(
      { tag: 'acme/base:1', dockerfile: 'base.Dockerfile', build_args: { A: 'b' } },
      { tag: 'acme/app:1', dockerfile: 'app.Dockerfile', timeout: 5, retries: 1 }
    ),
    ...files
  })
  return cwd
}

const DOCKERFILES = {
  'base.Dockerfile': 'FROM scratch\nARG A\nENV A=$A\n',
  'app.Dockerfile': 'FROM acme/base:1\n'
}

/** What takes Node longest to load of its own. */
const SLOW = ['net', 'stream', 'crypto', 'http', 'child_process', 'internal/fs/promises']

describe('what a program loads', () => {
  it('is one file for a plan of a manifest alone, and nothing of Node that is slow', async () => {
    const { env, loaded } = watchLoading()
    const plan = await runCli(['plan'], { cwd: project(), env: { ...standIns().env, ...env } })
    expect(plan.stdout).toContain('base.Dockerfile missing')
    const { files, bytes, builtin } = loaded()
    expect(files).toEqual(['cli', 'core'])
    expect(bytes).toBeLessThan(130_000)
    expect(builtin.filter(name => SLOW.includes(name))).toEqual([])
  })

  it('is one file more for a plan of Dockerfiles', async () => {
    const { env, loaded } = watchLoading()
    const DOCKER_HOST = await imageSocket(() => [])
    const plan = await runCli(['plan'], {
      cwd: project(DOCKERFILES),
      env: { ...standIns().env, ...env, DOCKER_HOST }
    })
    expect(plan.stdout).toContain('not built before')
    const { files, bytes } = loaded()
    expect(files).toEqual(['cli', 'core', 'dockerfile', 'rolldown-runtime'])
    expect(bytes).toBeLessThan(190_000)
  })

  it('is below 300 KB for a step that finds nothing to build, and holds no HTTP client', async () => {
    const tools = standIns()
    const workspace = project(DOCKERFILES)
    const built = await runCli(['build'], { cwd: workspace, env: tools.env })
    expect(built).toMatchObject({ status: 0 })
    const { env, loaded } = watchLoading()
    const DOCKER_HOST = await imageSocket(tools.images)
    const step = await runAction({ workspace, env: { ...tools.env, ...env, DOCKER_HOST } })
    expect(step).toMatchObject({ status: 0, outputs: { built: '' } })
    expect(step.outputs.tags).toBe('acme/base:1\nacme/app:1')
    const { files, bytes, builtin } = loaded()
    expect(bytes).toBeLessThan(300_000)
    expect(files).toContain('build')
    expect(files).not.toContain('undici')
    expect(builtin).not.toContain('http')
    expect(builtin).not.toContain('child_process')
  })
})

it('dist is smaller than 2.3 MB', () => {
  const files = readdirSync(DIST, { withFileTypes: true, recursive: true })
  const sizes = files
    .filter(each => each.isFile())
    .map(({ parentPath, path, name }) => statSync(join(parentPath ?? path, name)).size)
  expect(sizes.length).toBeGreaterThan(20)
  expect(sizes.reduce((sum, size) => sum + size, 0)).toBeLessThan(2_300_000)
})
