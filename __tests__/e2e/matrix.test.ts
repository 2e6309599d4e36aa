import { execFileSync, spawnSync } from 'node:child_process'
import { cpSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, describe, expect, it } from 'vitest'
import { findBuildx, openBuildx, startBuildKit } from '../fixtures/buildx.js'
import { ROOT } from '../fixtures/markdown.js'
import { runAction, runCli } from '../fixtures/program.js'
import { temporaryProject } from '../fixtures/project.js'
import { startRegistry } from '../fixtures/registry.js'
import { temporaryFolder } from '../fixtures/temporary-folder.js'

const NAMES = ['base', 'runtime', 'tools', 'app', 'docs']
const TAGS = NAMES.map(name => `build-chain-matrix/${name}:1.0`)

const docker = (...args: string[]) => execFileSync('docker', args, { encoding: 'utf8' }).trim()
const forgetImages = () => spawnSync('docker', ['rmi', '--force', ...TAGS])

/** A copy of the example, prepared. */
function example(): string {
  const folder = join(ROOT, 'examples/matrix')
  execFileSync(join(folder, 'prepare'), { stdio: 'inherit' })
  const copy = temporaryProject('matrix')
  cpSync(folder, copy, { recursive: true })
  return copy
}

interface Matrix {
  readonly include: readonly { readonly images: string }[]
}

interface Row {
  readonly tags: readonly string[]
  readonly status: string
  readonly imageId: string
}

afterAll(() => void forgetImages())

/** Runs the action as a job on a machine that has none of the images, and remembers none. */
async function runJob(workspace: string, inputs: Readonly<Record<string, string>>) {
  forgetImages()
  const env = { XDG_STATE_HOME: temporaryFolder() }
  const step = await runAction({ workspace, inputs, env })
  expect(step.status, step.stdout).toBe(0)
  return step.outputs
}

/** Builds a leg, and gives the ids of its images; `before` are those of earlier stages. */
async function runLeg(
  workspace: string,
  inputs: Readonly<Record<string, string>>,
  before: ReadonlyMap<string, string>
): Promise<readonly (readonly [string, string])[]> {
  const outputs = await runJob(workspace, inputs)
  return (JSON.parse(outputs.images ?? '') as Row[]).map(({ tags, status, imageId }) => {
    const [tag = ''] = tags
    expect([tag, status]).toEqual([tag, before.has(tag) ? 'reused' : 'built'])
    expect(before.get(tag) ?? imageId).toBe(imageId)
    return [tag, imageId]
  })
}

describe('the stages of a chain', () => {
  it('are built by jobs that know nothing of one another but a registry', async () => {
    const workspace = example()
    const { host } = await startRegistry()
    const store = { reuse: 'registry', 'reuse-registry': `${host}/matrix/cache` }
    const { stages = '' } = await runJob(workspace, { command: 'plan' })
    let built = new Map<string, string>()
    for (const { include } of JSON.parse(stages) as Matrix[]) {
      const after = new Map(built)
      for (const { images } of include) {
        const made = await runLeg(workspace, { images, ...store }, built)
        for (const [tag, imageId] of made) after.set(tag, imageId)
      }
      built = after
    }
    expect([...built.keys()].sort()).toEqual([...TAGS].sort())
    expect(docker('run', '--rm', 'build-chain-matrix/app:1.0')).toMatch(/^\d+ programs$/)
  })
})

const buildx = findBuildx()

describe.skipIf(!buildx)('plan --format bake', () => {
  it('prints a file that the real bake builds, each image on the targets of its bases', async () => {
    const root = example()
    const { stdout } = await runCli(['plan', '--format', 'bake'], {
      cwd: root,
      env: { XDG_STATE_HOME: temporaryFolder() }
    })
    const file = join(root, 'docker-bake.json')
    writeFileSync(file, stdout)
    const run = openBuildx(buildx ?? '')
    const print = await run('bake', '--file', file, '--print')
    expect(print.status, print.stderr).toBe(0)
    expect(JSON.parse(print.stdout).target).toEqual(JSON.parse(stdout).target)

    await run('create', '--name', 'real', '--driver', 'remote', await startBuildKit(buildx ?? ''))
    const archive = join(root, 'app.tar')
    const bake = await run(
      ...['bake', '--builder', 'real', '--file', file, '--allow', `fs=${root}`],
      ...['--set', `app-1-0.output=type=docker,dest=${archive}`, 'app-1-0']
    )
    expect(bake.status, bake.stderr).toBe(0)
    forgetImages()
    docker('load', '--input', archive)
    expect(docker('run', '--rm', 'build-chain-matrix/app:1.0')).toMatch(/^\d+ programs$/)
  })
})
