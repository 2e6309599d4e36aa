import { load } from 'js-yaml'
import { describe, expect, it } from 'vitest'
import { ROOT } from '../fixtures/markdown.js'
import { runAction, runCli, runProgram } from '../fixtures/program.js'
import { manifest, temporaryProject, writeTree } from '../fixtures/project.js'
import { standIns } from '../fixtures/stand-ins.js'

const dockerfile = (name: string) => ({
  tag: `acme/${name}:1`,
  dockerfile: `${name}.Dockerfile`
})

/** Two chains: a diamond with Packer in it, and an image by itself. */
const FILES = {
  'docker/IMAGES.json': manifest(
    dockerfile('base'),
    { name: 'tools', version: '1' },
    dockerfile('web'),
    dockerfile('app'),
    dockerfile('alone')
  ),
  'base.Dockerfile': 'FROM scratch\n',
  'docker/packer/tools-1.json': JSON.stringify({
    builders: [{ type: 'docker', image: 'acme/base:1', commit: true }]
  }),
  'web.Dockerfile': 'FROM acme/base:1\n',
  'app.Dockerfile': 'FROM acme/web:1\nCOPY --from=tools:1 /x /x\n',
  'alone.Dockerfile': 'FROM scratch\nLABEL alone=1\n'
}

const FIRST_CHAIN = [
  'docker acme/base:1',
  'packer tools-1.json',
  'docker acme/web:1',
  'docker acme/app:1'
]
const STAGES = [
  ['docker acme/base:1', 'docker acme/alone:1'],
  ['packer tools-1.json', 'docker acme/web:1'],
  ['docker acme/app:1']
]

interface Matrix {
  readonly include: readonly { readonly name: string; readonly images: string }[]
}

function checkout(): string {
  const workspace = temporaryProject()
  writeTree(workspace, FILES)
  return workspace
}

async function planned(workspace: string, env = standIns().env) {
  const { outputs } = await runAction({ workspace, inputs: { command: 'plan' }, env })
  return outputs
}

/** What a job builds that is given the images of a leg. */
async function builtBy(images: string, workspace: string, tools = standIns()): Promise<string[]> {
  const before = tools.builds().length
  const step = await runAction({
    workspace,
    inputs: { images, 'max-parallel': '1' },
    env: tools.env
  })
  expect(step.status).toBe(0)
  return tools.builds().slice(before)
}

describe('a step that plans for other jobs', () => {
  it('gives a leg for each chain, whose job builds that chain on a fresh machine and no other', async () => {
    const workspace = checkout()
    const outputs = await planned(workspace)
    expect(outputs['has-work']).toBe('true')
    const { include } = JSON.parse(outputs.matrix ?? '') as Matrix
    expect(include.map(({ name }) => name)).toEqual(['acme/base:1 and 3 more', 'acme/alone:1'])
    const [first = [], second] = await Promise.all(
      include.map(({ images }) => builtBy(images, workspace))
    )
    expect([...first].sort()).toEqual([...FIRST_CHAIN].sort())
    expect(second).toEqual(['docker acme/alone:1'])
  })

  it('gives stages whose jobs build each image once, where each finds what those before it built', async () => {
    const workspace = checkout()
    const tools = standIns()
    const outputs = await planned(workspace, tools.env)
    expect(outputs['stage-count']).toBe('3')
    const stages = JSON.parse(outputs.stages ?? '') as readonly Matrix[]
    for (const [stage, { include }] of stages.entries()) {
      const built: string[] = []
      for (const { images } of include) built.push(...(await builtBy(images, workspace, tools)))
      expect(built).toEqual(STAGES[stage])
    }
  })

  it('gives no leg and no stage once all is built', async () => {
    const workspace = checkout()
    const tools = standIns()
    await runAction({ workspace, env: tools.env })
    expect(await planned(workspace, tools.env)).toMatchObject({
      matrix: '{"include":[]}',
      'has-work': 'false',
      stages: '[]',
      'stage-count': '0'
    })
  })

  it('gives them for the images that are chosen', async () => {
    const inputs = { command: 'plan', images: 'acme/web:1,acme/alone:1' }
    const { outputs } = await runAction({ workspace: checkout(), inputs, env: standIns().env })
    expect((JSON.parse(outputs.matrix ?? '') as Matrix).include.map(leg => leg.images)).toEqual([
      'dockerfile__acme/base:1,dockerfile__acme/web:1',
      'dockerfile__acme/alone:1'
    ])
  })
})

describe('plan --format', () => {
  const print = (cwd: string, ...args: string[]) =>
    runCli(['plan', '--format', ...args], { cwd, env: standIns().env })

  it('matrix and stages print what the action puts out', async () => {
    const project = checkout()
    const outputs = await planned(project)
    expect((await print(project, 'matrix')).stdout.trim()).toBe(outputs.matrix)
    expect((await print(project, 'stages')).stdout.trim()).toBe(outputs.stages)
  })

  it('mermaid prints the graph', async () => {
    const { stdout } = await print(checkout(), 'mermaid')
    expect(stdout).toMatch(/^flowchart/)
    expect(stdout.match(/-->/g)).toHaveLength(4)
  })

  it('gitlab prints jobs that build each image once when each runs after those that it needs', async () => {
    const project = checkout()
    const tools = standIns()
    const { stdout } = await print(project, 'gitlab', '--reuse', 'local', '--max-parallel', '1')
    const jobs = Object.entries(
      load(stdout) as Record<string, { needs?: string[]; script?: string[] }>
    ).filter(([, { script }]) => script)
    const done = new Set<string>()
    while (done.size < jobs.length) {
      const next = jobs.find(
        ([name, { needs }]) => !done.has(name) && needs?.every(need => done.has(need))
      )
      const [name, { script = [] }] = next ?? ['', {}]
      const { status } = await runProgram('sh', ['-c', script.join('\n')], {
        cwd: project,
        env: { ...tools.env, BUILD_CHAIN: `${process.execPath} ${ROOT}/dist/cli.js` }
      })
      expect(status, name).toBe(0)
      done.add(name)
    }
    expect([...tools.builds()].sort()).toEqual(STAGES.flat().sort())
  })

  it('bake prints the Dockerfiles, and says on standard error what it leaves out', async () => {
    const { stdout, stderr, status } = await print(checkout(), 'bake')
    expect(status).toBe(0)
    expect(Object.keys(JSON.parse(stdout).target)).toEqual(['base-1', 'web-1', 'app-1', 'alone-1'])
    expect(stderr).toContain('packer__tools-1.json is built by Packer')
  })

  it('refuses any other, and names those that there are', async () => {
    const { status, stderr } = await print(checkout(), 'xml')
    expect(status).toBe(2)
    expect(stderr).toContain('text, json, matrix, stages, gitlab, bake, mermaid')
  })
})
