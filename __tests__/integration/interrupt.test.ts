import { describe, expect, it } from 'vitest'
import { runCli } from '../fixtures/program.js'
import { manifest, temporaryProject, writeTree } from '../fixtures/project.js'
import { standIns } from '../fixtures/stand-ins.js'

const image = (name: string) => ({ tag: `acme/${name}:1`, dockerfile: `${name}.Dockerfile` })

/** A build of three images, each on the one before, the second's Dockerfile as given. */
async function interrupted(base: string) {
  const root = temporaryProject()
  writeTree(root, {
    'docker/IMAGES.json': manifest(image('first'), image('base'), image('app')),
    'first.Dockerfile': 'FROM scratch\n',
    'base.Dockerfile': base,
    'app.Dockerfile': 'FROM acme/base:1\n'
  })
  const tools = standIns()
  const finished = await runCli(['build', '--max-parallel', '1'], { cwd: root, env: tools.env })
  return { ...finished, tools, root }
}

describe('an interrupted build', () => {
  it('ends the builder at once, starts none after it, and tells what was built before', async () => {
    const { status, stdout, stderr, tools } = await interrupted('FROM acme/first:1\n# interrupt\n')
    expect(status).toBe(130)
    expect(stdout).toBe('acme/first:1\n')
    expect(stderr).toContain('build-chain: interrupted\n')
    expect(tools.builds()).toEqual(['docker acme/first:1', 'docker acme/base:1'])
  })

  it('reuses the next time what was built before', async () => {
    const { root, tools } = await interrupted('FROM acme/first:1\n# interrupt\n')
    writeTree(root, { 'base.Dockerfile': 'FROM acme/first:1\n' })
    const { status, stderr } = await runCli(['build'], { cwd: root, env: tools.env })
    expect(status).toBe(0)
    expect(stderr).toContain('acme/first:1 reused: unchanged')
  })

  it('ends the pull of a base, and builds nothing', async () => {
    const { status, stdout, stderr, tools } = await interrupted('FROM acme/interrupting:1\n')
    expect(status).toBe(130)
    expect(stdout).toBe('')
    expect(stderr).toContain('pulling base acme/interrupting:1')
    expect(stderr).not.toContain('could not be pulled')
    expect(tools.builds()).toEqual([])
  })
})
