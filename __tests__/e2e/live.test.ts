import { spawnSync } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import { join } from 'node:path'
import { stripVTControlCharacters } from 'node:util'
import { afterAll, describe, expect, it, onTestFinished } from 'vitest'
import { runCli } from '../fixtures/program.js'
import { manifest, temporaryProject, writeTree } from '../fixtures/project.js'
import { runOnTerminal } from '../fixtures/pseudo-terminal.js'
import { docker, importBase, named, removeOurs } from '../fixtures/reuse-daemon.js'

afterAll(removeOurs)

const TEMPLATE = {
  variables: { who: 'world', docker_name: 'packer-{{uuid}}' },
  builders: [
    {
      type: 'docker',
      image: named('live-base'),
      commit: true,
      cap_add: ['SYS_PTRACE'],
      tmpfs: ['/scratch'],
      volumes: { '{{pwd}}': '/project' },
      run_command: [
        ...['-d', '-i', '-t', '--name', '{{user `docker_name`}}', '-e', 'WHO={{user `who`}}'],
        ...['{{.Image}}', '/bin/sh']
      ]
    }
  ],
  provisioners: [
    { type: 'shell', inline: ['mkdir -p /srv'] },
    { type: 'file', source: 'data.txt', destination: '/srv/' },
    {
      type: 'shell',
      environment_vars: ["SAYING=it's"],
      execute_command: 'chmod +x {{ .Path }}; {{ .Vars }} sh -x {{ .Path }}',
      script: 'second.sh'
    },
    { type: 'shell', script: 'third.sh' }
  ]
}

/** A project with one template; its containers have names that no other test has. */
function project() {
  importBase('live-base')
  const root = temporaryProject()
  const name = `${named('live').replace('/', '-')}-${randomBytes(4).toString('hex')}`
  writeTree(root, {
    'docker/IMAGES.json': manifest({ name: 'app', version: '1.10', build_args: { who: 'me' } }),
    'docker/packer/app-1.9.json': '{}',
    'docker/packer/app-1.10.json': JSON.stringify(TEMPLATE),
    'data.txt': 'data\n',
    'second.sh': '#!/bin/sh\necho "$SAYING $PACKER_BUILD_NAME $WHO" >/srv/second\n',
    'third.sh': '#!/bin/sh\necho third is run; exit 4\n'
  })
  const env = { DNAME: name, XDG_STATE_HOME: join(root, 'state') }
  onTestFinished(() => void spawnSync('docker', ['rm', '--force', '--volumes', name]))
  const there = () => docker('ps', '--all', '--quiet', '--filter', `name=^/${name}$`) !== ''
  const live = (...args: string[]) => runCli(['live', ...args], { cwd: root, env })
  return { root, name, env, there, live }
}

describe('live', () => {
  it('runs a command in the newest template’s container, ends as it ends, and leaves nothing', async () => {
    const { live, there } = project()
    const words = 'cat /project/data.txt; ls /tmp /scratch; echo "who: $WHO"; exit 7'
    const { status, stdout } = await live('--', 'sh', '-c', words)
    expect(stdout).toBe(
      'data\n/scratch:\n\n/tmp:\nscript_1.sh\nscript_3.sh\nscript_4.sh\nwho: me\n'
    )
    expect(status).toBe(7)
    expect(there()).toBe(false)
  })

  it('runs the provisioners up to a chosen one as Packer does, and uploads those after it', async () => {
    const { live } = project()
    const { status, stdout, stderr } = await live(
      '-var',
      'who=you',
      '--provision=second.sh',
      '--',
      'sh',
      '-c',
      'cat /srv/*; ls /tmp'
    )
    expect(stdout).toBe("data\nit's docker you\nscript_4.sh\n")
    expect(stderr).toContain('+ echo ')
    expect(status).toBe(0)
  })

  it('opens a shell in the container as a failed provisioner left it', async () => {
    const { root, env, there } = project()
    const { status, screen } = await runOnTerminal(['live', '--provision'], {
      cwd: root,
      env,
      steps: [
        ['# ', { keys: 'cat /srv/second; test -t 0 && test -t 1 && echo on-a-"terminal"\r' }],
        ['on-a-terminal', { keys: 'exit 5\r' }]
      ]
    })
    expect(screen).toContain('provisioner 4 (third.sh) ended with exit status 4')
    expect(screen).toContain("it's docker me")
    expect(status).toBe(5)
    expect(there()).toBe(false)
  })

  it.each(['SIGTERM', 'SIGHUP'] as const)(
    'takes its container with it when %s ends it',
    async signal => {
      const { root, env, there } = project()
      const { status, screen } = await runOnTerminal(['live'], {
        cwd: root,
        env,
        steps: [
          ['# ', { keys: 'echo it-"works"; sleep 600\r' }],
          ['it-works', signal]
        ]
      })
      expect(stripVTControlCharacters(screen)).toContain('build-chain: interrupted')
      expect(status).toBe(130)
      expect(there()).toBe(false)
    }
  )

  it('leaves a container with --detach, and tells how to enter it, to provision it and to remove it', async () => {
    const { live, name, there, root, env } = project()
    const { status, stdout } = await live('app', '--detach')
    expect(status).toBe(0)
    const lines = stdout.split('\n')
    expect(lines.slice(0, 2)).toEqual([`name: ${name}`, `enter: docker exec -it ${name} /bin/sh`])
    const call = (start: string) =>
      lines.find(line => line.startsWith(start))?.replace(/^[^:]*: /, '') ?? ''
    const shell = (line: string) => spawnSync('sh', ['-c', line], { encoding: 'utf8' })
    shell(`docker exec ${name} mkdir -p /srv`)
    expect(shell(call('provision 3')).status).toBe(0)
    expect(docker('exec', name, 'cat', '/srv/second')).toBe("it's docker me")
    expect(shell(call('provision 4')).status).toBe(4)

    const again = await live()
    expect(again.status).toBe(1)
    expect(again.stderr).toContain(`Remove the container ${name}, or give another name in DNAME.`)
    const cleaned = await runCli(['clean'], { cwd: root, env })
    expect(cleaned.stdout).toBe(`container ${name} (live)\n`)
    expect(there()).toBe(false)
  })

  it('reads the environment of the earlier helper, and a template in HCL', async () => {
    const { root, env } = project()
    writeTree(root, {
      'other/live.pkr.hcl': `
        variable "who" { default = "nobody" }
        source "docker" "one" {
          image = "${named('live-base')}"
          commit = true
          run_command = ["-d", "-i", "-t", "-e", "WHO=\${var.who}", "{{.Image}}", "/bin/sh"]
        }
        build {
          sources = ["docker.one"]
          provisioner "shell" {
            name = "greet"
            inline = ["echo $PACKER_BUILD_NAME \${var.who} >/greeting"]
          }
        }`
    })
    const { stdout, status } = await runCli(
      ['live', '--var', 'who=me', '--provision=greet', '--', 'sh', '-c', 'cat /greeting; hostname'],
      {
        cwd: root,
        env: { ...env, PACKER_FILE: 'other/live.pkr.hcl', DOCKER_EXTRA_ARGS: '--hostname "a-host"' }
      }
    )
    expect({ stdout, status }).toEqual({ stdout: 'one me\na-host\n', status: 0 })
  })
})
