import { execFileSync, spawnSync } from 'node:child_process'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { importAnsibleBase, installProgram } from '../fixtures/ansible-base.js'
import { plainEnvironment, runCli, runProgram } from '../fixtures/program.js'
import { temporaryProject, writeTree } from '../fixtures/project.js'

const BASE = 'build-chain-init-test/debian:12'
const TAGS = ['web-base', 'web', 'web-app'].map(name => `build-chain-init-test/${name}:1.0`)
const FROM_TAGS = ['base', 'app'].map(name => `build-chain-init-test/${name}:2`)

const docker = (...args: string[]) => execFileSync('docker', args, { encoding: 'utf8' }).trim()

/** What systemd needs of docker run, as the written template has it. */
const SYSTEMD = [
  ...['--cap-add', 'SYS_ADMIN', '--security-opt', 'seccomp=unconfined'],
  ...['--security-opt', 'apparmor=unconfined', '--cgroupns', 'host'],
  ...['-v', '/sys/fs/cgroup:/sys/fs/cgroup:rw', '--tmpfs', '/run']
]

const STARTED = 'until systemctl is-active hello.service; do sleep 0.2; done'

const privately = () => {
  const home = temporaryProject('home')
  const plugins = process.env.PACKER_PLUGIN_PATH
  return {
    ...(plugins ? { PACKER_PLUGIN_PATH: plugins } : {}),
    XDG_STATE_HOME: join(home, 'state'),
    PATH: `${installProgram(home)}:${process.env.PATH}`
  }
}

beforeAll(() => importAnsibleBase(BASE))

afterAll(() => {
  spawnSync('docker', ['rmi', '--force', ...TAGS.toReversed(), ...FROM_TAGS.toReversed(), BASE])
})

it('leads from an empty folder to images that Packer and ansible made under systemd', async () => {
  const cwd = temporaryProject('shop')
  const env = privately()
  const init = ['init', '--yes', '--tag', 'build-chain-init-test/web:1.0', '--base', BASE]
  expect(await runCli(init, { cwd, env })).toMatchObject({ status: 0 })
  const built = await runProgram(join(cwd, 'bin/build.sh'), [], { cwd, env })
  expect(built.stderr).toContain('The service runs, now and whenever the image is started')
  expect(built).toMatchObject({ status: 0, stdout: `${TAGS.join('\n')}\n` })
  expect(docker('run', '--rm', TAGS[2] ?? '', 'cat', '/etc/hello')).toContain('Hello from')
  const container = docker('run', '--detach', '--rm', ...SYSTEMD, TAGS[1] ?? '')
  try {
    const tried = spawnSync('docker', ['exec', container, 'sh', '-c', STARTED], {
      encoding: 'utf8',
      timeout: 60_000
    })
    expect(tried.stdout).toMatch(/^active$/m)
  } finally {
    docker('rm', '--force', container)
  }
  const again = await runProgram(join(cwd, 'bin/build.sh'), [], { cwd, env })
  expect(again.stderr.match(/reused: unchanged/g)).toHaveLength(3)
})

it('makes a manifest of a tree of Dockerfiles that builds at once', async () => {
  const cwd = temporaryProject('shop')
  const env = { ...plainEnvironment(), ...privately() }
  writeTree(cwd, {
    'app/Dockerfile':
      'FROM build-chain-init-test/base:2\nCOPY app/main /main\nRUN cat /main /made\n',
    'app/main': 'main\n',
    'base/Dockerfile': `FROM ${BASE}\nCOPY made /made\n`,
    'base/made': 'made\n'
  })
  expect(await runCli(['init', '--from', '.', '--yes'], { cwd, env })).toMatchObject({ status: 0 })
  const built = await runCli(['build'], { cwd, env })
  expect(built).toMatchObject({ status: 0, stdout: `${FROM_TAGS.join('\n')}\n` })
})
