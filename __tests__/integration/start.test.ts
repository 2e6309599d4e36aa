import { execFileSync } from 'node:child_process'
import { readdirSync, readFileSync, rmSync, statSync } from 'node:fs'
import { writeFile } from 'node:fs/promises'
import { createServer, type Socket } from 'node:net'
import { dirname, join } from 'node:path'
import { describe, expect, it, onTestFinished } from 'vitest'
import { imageSocket } from '../fixtures/image-socket.js'
import { watchLoading } from '../fixtures/loaded.js'
import { DIST, runAction, runCli } from '../fixtures/program.js'
import { manifest, temporaryProject, writeTree } from '../fixtures/project.js'
import { standIns } from '../fixtures/stand-ins.js'
import { temporaryFolder } from '../fixtures/temporary-folder.js'

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

  it('is two files more for a plan of Dockerfiles: what reads them, and what looks at their contexts', async () => {
    const { env, loaded } = watchLoading()
    const DOCKER_HOST = await imageSocket(() => [])
    const plan = await runCli(['plan'], {
      cwd: project(DOCKERFILES),
      env: { ...standIns().env, ...env, DOCKER_HOST }
    })
    expect(plan.stdout).toContain('not built before')
    const { files, bytes } = loaded()
    expect(files).toEqual(['cli', 'core', 'dockerfile', 'rolldown-runtime', 'survey'])
    expect(bytes).toBeLessThan(190_000)
  })

  it('is a report without its page for a step that has no image, and nothing of Node that is slow', async () => {
    const { env, loaded } = watchLoading()
    const workspace = project({ 'docker/IMAGES.json': '{"images": []}' })
    const RUNNER_TEMP = temporaryFolder()
    const step = await runAction({ workspace, env: { ...standIns().env, ...env, RUNNER_TEMP } })
    expect(step).toMatchObject({ status: 0, outputs: { tags: '', images: '[]' } })
    expect(step.stdout).toContain('::warning file=docker/IMAGES.json')
    const { files, bytes, builtin } = loaded()
    expect([...files].sort()).toEqual(['action', 'build', 'core', 'main', 'rolldown-runtime'])
    expect(bytes).toBeLessThan(215_000)
    expect(builtin.filter(name => SLOW.includes(name))).toEqual([])
    expect(readdirSync(dirname(step.outputs.report ?? ''))).toEqual(['report.json'])
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

/** A project whose images were built, and what they were built with. */
async function builtProject() {
  const tools = standIns()
  const cwd = project(DOCKERFILES)
  expect(await runCli(['build'], { cwd, env: tools.env })).toMatchObject({ status: 0 })
  return { cwd, tools, manifestFile: join(cwd, 'docker/IMAGES.json') }
}

/** A daemon's socket that hears and never answers, until the test ends; gives its address. */
async function silentSocket(): Promise<string> {
  const socket = join(temporaryFolder(), 'docker.sock')
  const open = new Set<Socket>()
  const server = createServer(each => open.add(each))
  await new Promise<void>(ready => server.listen(socket, ready))
  onTestFinished(() => {
    for (const each of open) each.destroy()
    server.close()
  })
  return `unix://${socket}`
}

describe('a daemon that takes its time', () => {
  it('hears the question for its images before the manifest is read', async () => {
    const { cwd, tools, manifestFile } = await builtProject()
    const text = readFileSync(manifestFile)
    rmSync(manifestFile)
    // Reading it waits until it is written, which the question alone makes happen.
    execFileSync('mkfifo', [manifestFile])
    const DOCKER_HOST = await imageSocket(() => {
      void writeFile(manifestFile, text)
      return tools.images()
    })
    const plan = await runCli(['plan'], { cwd, env: { ...tools.env, DOCKER_HOST } })
    expect(plan).toMatchObject({ status: 0 })
    expect(plan.stdout).toContain('unchanged')
  })

  it('is not waited for where its answer is not needed', async () => {
    const { cwd, tools } = await builtProject()
    writeTree(cwd, { 'docker/IMAGES.json': '{' })
    const DOCKER_HOST = await silentSocket()
    const plan = await runCli(['plan'], { cwd, env: { ...tools.env, DOCKER_HOST } })
    expect(plan).toMatchObject({ status: 2 })
    expect(plan.stderr).toContain('IMAGES.json')
  }, 30_000)
})

it('dist is smaller than 2.3 MB', () => {
  const files = readdirSync(DIST, { withFileTypes: true, recursive: true })
  const sizes = files
    .filter(each => each.isFile())
    .map(({ parentPath, path, name }) => statSync(join(parentPath ?? path, name)).size)
  expect(sizes.length).toBeGreaterThan(20)
  expect(sizes.reduce((sum, size) => sum + size, 0)).toBeLessThan(2_300_000)
})
