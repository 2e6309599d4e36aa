import { execFileSync, spawnSync } from 'node:child_process'
import { cpSync, readFileSync, writeFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { afterAll, describe, expect, it } from 'vitest'
import { runCli } from '../fixtures/program.js'
import { manifest, temporaryProject, writeTree } from '../fixtures/project.js'
import { docker, importBase, named, removeOurs } from '../fixtures/reuse-daemon.js'

const SYSTEMD = ['base:12', 'service:1.0'].map(name => `build-chain-systemd/${name}`)

afterAll(() => {
  removeOurs()
  spawnSync('docker', ['rmi', '--force', ...SYSTEMD])
})

const privately = (root: string) => {
  const plugins = process.env.PACKER_PLUGIN_PATH
  return {
    ...(plugins ? { PACKER_PLUGIN_PATH: plugins } : {}),
    XDG_STATE_HOME: join(root, 'state')
  }
}

const testContainers = () =>
  docker('ps', '--all', '--quiet', '--filter', 'label=io.github.corpusops.build-chain.test')

/** A Dockerfile's image, and one that Packer makes on it; each with a test. */
function chain(tests: { readonly base?: unknown; readonly tool?: unknown }, timeout?: number) {
  importBase('tested')
  const root = temporaryProject()
  writeTree(root, {
    'docker/IMAGES.json': manifest(
      { tag: named('base:1'), dockerfile: 'Dockerfile', test: tests.base, timeout },
      { tag: named('tool:2'), test: tests.tool, file: 'tool.json', timeout }
    ),
    Dockerfile: `FROM ${named('tested')}\nRUN echo made >/made\nENTRYPOINT ["/no/such"]\n`,
    'docker/packer/tool.json': JSON.stringify({
      builders: [
        {
          type: 'docker',
          image: named('base:1'),
          commit: true,
          volumes: { '{{pwd}}': '/project' },
          run_command: ['-d', '-i', '-t', '-e', 'RUN=yes', '--entrypoint', '/bin/sh', '{{.Image}}'],
          changes: ['ENTRYPOINT ["/no/such"]', 'USER 65534']
        }
      ],
      provisioners: [{ type: 'shell', inline: ['echo tool >/tool'] }],
      'post-processors': [{ type: 'docker-tag', repository: named('tool'), tag: '2' }]
    })
  })
  return { root, run: () => runCli(['build'], { cwd: root, env: privately(root) }) }
}

describe('the test of an image', () => {
  it('runs in a container that is started as its builder starts it, and its output is in the log', async () => {
    const { run } = chain({
      base: 'echo "$(cat /made) for {version}"',
      tool: ['sh', '-c', 'echo "$RUN $(cat /tool)"; ls /project; echo > /tool || echo "no root"']
    })
    const { status, stderr, stdout } = await run()
    expect(stderr).toContain('made for 1\n')
    // What it says on the other stream may come in between.
    expect(stderr).toContain('yes tool\n')
    expect(stderr).toMatch(/^Dockerfile$/m)
    expect(stderr).toContain('no root')
    expect(stdout).toBe(`${named('base:1')}\n${named('tool:2')}\n`)
    expect(status).toBe(0)
    const again = await run()
    expect(again.stderr).toContain('reused: unchanged')
    expect(again.stderr).not.toContain('made for 1')
    expect(testContainers()).toBe('')
  })

  it('that fails, or takes too long, fails its image, and its container goes', async () => {
    const failing = await chain({ tool: 'echo oh no; exit 6' }).run()
    expect(failing.status).toBe(1)
    expect(failing.stdout).toBe(`${named('base:1')}\n`)
    expect(failing.stderr).toContain(`${named('tool:2')} failed: its test ended with exit status 6`)
    const slow = await chain({ base: 'sleep 600' }, 0.2).run()
    expect(slow.stderr).toContain('failed: its test took longer than 0.2 minutes')
    expect(testContainers()).toBe('')
  })

  it('finds systemd as process 1 where its template starts that', async () => {
    const example = resolve(import.meta.dirname, '../../examples/systemd')
    execFileSync(join(example, 'prepare'), { stdio: 'inherit' })
    const root = temporaryProject('systemd')
    cpSync(example, root, { recursive: true })
    const file = join(root, 'docker/IMAGES.json')
    const { images } = JSON.parse(readFileSync(file, 'utf8')) as { images: object[] }
    const test = 'cat /proc/1/comm && systemctl is-active demo.service'
    writeFileSync(file, JSON.stringify({ images: [images[0], { ...images[1], test }] }))
    const env = { ...privately(root), XDG_CACHE_HOME: process.env.XDG_CACHE_HOME }
    const { status, stderr } = await runCli(['build'], { cwd: root, env })
    expect(stderr).toContain('systemd\nactive\n')
    expect(status).toBe(0)
    expect(testContainers()).toBe('')
  })
})
