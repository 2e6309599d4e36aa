import { delimiter, join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { olderRepository } from '../fixtures/older-repository.js'
import { runCli } from '../fixtures/program.js'
import { temporaryProject } from '../fixtures/project.js'
import { standIns } from '../fixtures/stand-ins.js'

/** Folders of PATH that hold neither tool. */
const withoutTools = (env: Readonly<Record<string, string>>, ...folders: string[]) => ({
  ...env,
  PATH: folders.join(delimiter)
})

describe('doctor', () => {
  it('finds the stand-ins well', async () => {
    const { root, tools } = olderRepository()
    await runCli(['generate'], { cwd: root })
    const { status, stdout } = await runCli(['doctor', '--format', 'json'], {
      cwd: root,
      env: { ...tools.env, STAND_IN_BUILDX: '1' }
    })
    const { ok, checks } = JSON.parse(stdout) as {
      ok: boolean
      checks: { check: string; status: string; found: string; remedy: string | null }[]
    }
    expect({ status, ok }).toEqual({ status: 0, ok: true })
    expect(checks.find(({ check }) => check === 'docker builder')?.found).toBe(
      'BuildKit, buildx 0.24.0'
    )
    expect(checks.find(({ check }) => check === 'manifest')?.found).toBe(
      '.docker/IMAGES.json; images: 3, by Packer: 2'
    )
  })

  it('ends with 3 where no daemon answers, and says what to do', async () => {
    const { root, tools } = olderRepository()
    const { status, stdout, stderr } = await runCli(['doctor', '--quiet'], {
      cwd: root,
      env: { ...tools.env, STAND_IN_NO_DAEMON: '1' }
    })
    expect(status).toBe(3)
    expect(stdout).toMatch(/^✗ docker daemon +does not answer: Cannot connect/m)
    expect(stdout).toContain('DOCKER_HOST')
    expect(stderr).toContain('missing: docker daemon')
  })

  it('ends with 3 where there is no docker, and no Packer to be had', async () => {
    const { root, tools } = olderRepository()
    const { status, stdout } = await runCli(
      ['doctor', '--format=json', '--packer-releases', 'http://127.0.0.1:9'],
      { cwd: root, env: withoutTools(tools.env, '/nonexistent') }
    )
    expect(status).toBe(3)
    const { ok, checks } = JSON.parse(stdout) as { ok: boolean; checks: object[] }
    expect(ok).toBe(false)
    expect(checks).toContainEqual(expect.objectContaining({ check: 'docker', status: 'missing' }))
    expect(checks).toContainEqual(
      expect.objectContaining({
        check: 'packer',
        status: 'missing',
        found: 'none on PATH; 127.0.0.1:9 does not answer'
      })
    )
  })

  it('looks at the machine outside of a project, too', async () => {
    const { stdout, status } = await runCli(['doctor'], {
      cwd: temporaryProject(),
      env: standIns().env
    })
    expect(status).toBe(0)
    expect(stdout).toMatch(/^! manifest +no manifest/m)
  })
})

describe('list', () => {
  it('tells a program how to build each image alone', async () => {
    const { root, tools } = olderRepository()
    const { stdout } = await runCli(['list', '--format', 'json', '--working-directory', root], {
      cwd: '/',
      env: tools.env
    })
    const { manifests, images } = JSON.parse(stdout) as { manifests: string[]; images: object[] }
    expect(manifests).toEqual(['.docker/IMAGES.json'])
    expect(images[2]).toEqual({
      id: 'dockerfile__corpusops/es-app:1',
      name: 'es-app',
      version: '1',
      builder: 'dockerfile',
      tags: ['corpusops/es-app:1'],
      file: join(root, 'Dockerfile'),
      workingDirectory: root,
      build: ['build-chain', `--working-directory=${root}`, '--images=corpusops/es-app:1']
    })
  })

  it('prints names alone with --quiet, and only those that are chosen', async () => {
    const { root, tools } = olderRepository()
    const { stdout } = await runCli(['list', '--quiet', 'packer__*'], { cwd: root, env: tools.env })
    expect(stdout).toBe('packer__2.3.3.json\npacker__5.4.0.json\n')
    expect(tools.calls()).toEqual([])
  })
})

describe('help', () => {
  it.each([
    [['help', 'generate'], 'build-chain generate [OPTIONS] [IMAGE…]'],
    [['generate', '--help'], 'build-chain generate [OPTIONS] [IMAGE…]'],
    [['--help'], 'build-chain [COMMAND] [OPTIONS] [IMAGE…]'],
    [['help'], 'build-chain [COMMAND] [OPTIONS] [IMAGE…]']
  ])('%j explains', async (args, start) => {
    const { status, stdout } = await runCli(args)
    expect(status).toBe(0)
    expect(stdout.split('\n')[0]).toBe(start)
    expect(stdout).toContain('Examples:')
    expect(Math.max(...stdout.split('\n').map(line => line.length))).toBeLessThanOrEqual(100)
  })

  it('of a command that is none names what was meant', async () => {
    const { status, stderr } = await runCli(['help', 'genrate'])
    expect(status).toBe(2)
    expect(stderr).toContain('genrate: found no such command: did you mean `generate`?')
  })

  it('is offered where a word is no image and nearly a command', async () => {
    const { root, tools } = olderRepository()
    const { status, stderr } = await runCli(['docter'], { cwd: root, env: tools.env })
    expect(status).toBe(2)
    expect(stderr).toContain('`docter` is no command: did you mean `doctor`?')
  })
})

describe('--verbose', () => {
  it('prints the plan before it builds', async () => {
    const { root, tools } = olderRepository()
    const surroundings = { cwd: root, env: tools.env }
    await runCli(['generate'], surroundings)
    const { stderr } = await runCli(['build', '--verbose', 'corpusops/es-app:1'], surroundings)
    expect(stderr).toMatch(/^1\. build corpusops\/es:5\.4\.0 \(stage 0\): /m)
    expect(stderr).toContain('docker build')
  })
})
