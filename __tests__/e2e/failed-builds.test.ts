import { spawnSync } from 'node:child_process'
import { readdirSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, describe, expect, it, onTestFinished } from 'vitest'
import { runCli } from '../fixtures/program.js'
import { manifest, temporaryProject, writeTree } from '../fixtures/project.js'
import { docker, importBase, named, removeOurs } from '../fixtures/reuse-daemon.js'

afterAll(removeOurs)

/** A project whose only template fails as its script does. */
function packerProject(script: string) {
  importBase('failing')
  const root = temporaryProject()
  writeTree(root, {
    'docker/IMAGES.json': manifest({ name: 'app', version: '1' }),
    'docker/packer/app-1.json': JSON.stringify({
      builders: [
        {
          type: 'docker',
          image: named('failing'),
          commit: true,
          run_command: ['-d', '-i', '-t', '--entrypoint=/bin/sh', '{{.Image}}']
        }
      ],
      provisioners: [{ type: 'shell', script: 'provision.sh' }]
    }),
    'provision.sh': `#!/bin/sh\n${script}\n`
  })
  return { root, env: stateOf(root) }
}

const stateOf = (root: string) => {
  const plugins = process.env.PACKER_PLUGIN_PATH
  return {
    ...(plugins ? { PACKER_PLUGIN_PATH: plugins } : {}),
    XDG_STATE_HOME: join(root, 'state')
  }
}

const containersOf = (image: string) =>
  docker('ps', '--all', '--quiet', '--no-trunc', '--filter', `ancestor=${image}`)
    .split('\n')
    .filter(Boolean)

/** The command that the log says enters what is left, run without a terminal. */
function entered(log: string, words: string): string {
  const [, call = ''] = /enter[^:]*: (docker .*) \(build-chain clean/.exec(log) ?? []
  const line = `${call.replace(' -it ', ' ')} -c '${words}'`
  return spawnSync('sh', ['-c', line], { encoding: 'utf8' }).stdout.trim()
}

describe('build --on-error keep', () => {
  it('leaves the container of a failed Packer build, which clean removes, and no other', async () => {
    const { root, env } = packerProject('echo half >/made; exit 3')
    const { status, stderr } = await runCli(['build', '--on-error', 'keep'], { cwd: root, env })
    expect(status).toBe(1)
    expect(entered(stderr, 'cat /made')).toBe('half')
    const [left = ''] = containersOf(named('failing'))
    const labels = docker('inspect', '--format', '{{json .Config.Labels}}', left)
    expect(labels).toContain('io.github.corpusops.build-chain.kept')
    expect(labels).not.toContain('io.github.corpusops.build-chain.run')

    const label = JSON.parse(labels)['io.github.corpusops.build-chain.kept']
    const foreign = docker(
      ...['run', '-d', '-i', '--label', `io.github.corpusops.build-chain.kept=${label}`],
      ...[named('failing'), '/bin/sh']
    )
    onTestFinished(() => void spawnSync('docker', ['rm', '--force', foreign]))
    const dry = await runCli(['clean', '--dry-run'], { cwd: root, env })
    expect(dry.stdout).toMatch(/^container \S+ \(the failed build of app:1\)\n$/)
    const json = await runCli(['clean', '--dry-run', '--format', 'json'], { cwd: root, env })
    expect(JSON.parse(json.stdout)).toEqual([
      expect.objectContaining({ kind: 'container', why: 'the failed build of app:1' })
    ])
    expect(containersOf(named('failing'))).toHaveLength(2)
    const cleaned = await runCli(['clean'], { cwd: root, env })
    expect(cleaned).toMatchObject({ status: 0, stdout: dry.stdout })
    expect(containersOf(named('failing'))).toEqual([foreign])
    expect(await runCli(['clean'], { cwd: root, env })).toMatchObject({ status: 0, stdout: '' })
  })

  it('removes the container of an interrupted build all the same', async () => {
    const { root, env } = packerProject('touch /project/started; sleep 60')
    const template = join(root, 'docker/packer/app-1.json')
    spawnSync('sed', ['-i', `s#"{{.Image}}"#"-v","${root}:/project","{{.Image}}"#`, template])
    const until = (pid: number) => {
      if (readdirSync(root).includes('started')) process.kill(pid, 'SIGINT')
      else setTimeout(until, 50, pid)
    }
    const args = ['build', '--on-error', 'keep']
    const { status } = await runCli(args, { cwd: root, env, started: until })
    expect(status).toBe(130)
    expect(containersOf(named('failing'))).toEqual([])
  })

  it('removes it by default', async () => {
    const { root, env } = packerProject('exit 3')
    const { status, stderr } = await runCli(['build'], { cwd: root, env })
    expect(status).toBe(1)
    expect(stderr).not.toContain('docker exec')
    expect(containersOf(named('failing'))).toEqual([])
  })

  it('tags the last layer of a failed Dockerfile with the classic builder', async () => {
    const { root, env } = dockerfileProject()
    const settings = { ...env, DOCKER_BUILDKIT: '0' }
    const built = await runCli(['build', '--on-error', 'keep'], { cwd: root, env: settings })
    expect(built.status).toBe(1)
    expect(built.stderr).toContain('failed step: RUN echo second >>/made; exit 3')
    expect(entered(built.stderr, 'cat /made')).toBe('first')
    const { stdout } = await runCli(['clean'], { cwd: root, env: settings })
    const [, tag = ''] = /^image (\S+) \(/.exec(stdout) ?? []
    expect(tag).toMatch(/^build-chain-kept\//)
    expect(docker('images', '--quiet', tag)).toBe('')
  })

  it('says that BuildKit keeps nothing', async () => {
    const { root, env } = dockerfileProject()
    const settings = { ...env, DOCKER_BUILDKIT: '1', PATH: `/usr/bin:${process.env.PATH}` }
    const { stderr } = await runCli(['build', '--on-error', 'keep'], { cwd: root, env: settings })
    expect(stderr).toContain('nothing is kept: BuildKit keeps no layer of a failed build')
  })
})

function dockerfileProject() {
  importBase('failing')
  const root = temporaryProject()
  writeTree(root, {
    'docker/IMAGES.json': manifest({ tag: named('layered:1'), dockerfile: 'Dockerfile' }),
    Dockerfile: `FROM ${named('failing')}\nRUN echo first >/made\nRUN echo second >>/made; exit 3\n`
  })
  return { root, env: stateOf(root) }
}
