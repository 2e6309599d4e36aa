import { spawnSync } from 'node:child_process'
import { copyFileSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, afterEach, expect, it } from 'vitest'
import { runAction } from '../fixtures/program.js'
import { manifest, temporaryProject, writeTree } from '../fixtures/project.js'
import { removeContainers } from '../fixtures/reuse-daemon.js'

const BASE = 'build-chain-failed-instruction/base:1'

const busybox = ['/bin/busybox', '/usr/bin/busybox']

function project(): string {
  const root = temporaryProject()
  writeTree(root, {
    'docker/IMAGES.json': manifest(
      { tag: BASE, dockerfile: 'base/Dockerfile' },
      { tag: 'build-chain-failed-instruction/app:1', dockerfile: 'app/Dockerfile' }
    ),
    'base/Dockerfile': 'FROM scratch\nCOPY busybox /bin/busybox\n',
    'app/Dockerfile': `ARG OF=${BASE}
FROM \${OF} AS last
# what fails, on two lines
RUN ["/bin/busybox", "sh", "-c", \\
     "echo 'cannot find the thing'; exit 9"]
`
  })
  const found = busybox.find(path => spawnSync('test', ['-x', path]).status === 0) ?? ''
  copyFileSync(found, join(root, 'busybox'))
  return root
}

afterEach(() => removeContainers(`ancestor=${BASE}`))

afterAll(() => {
  spawnSync('docker', ['rmi', '--force', BASE])
})

it.each([
  ['the classic builder', {}],
  ['BuildKit', { DOCKER_BUILDKIT: '1', PATH: `/usr/bin:${process.env.PATH}` }]
])(
  'the instruction that failed with %s is told in annotation, summary and report',
  async (_, env) => {
    const workspace = project()
    const home = temporaryProject('home')
    const step = await runAction({
      workspace,
      inputs: { reuse: 'off' },
      env: { ...env, KEEP_STEP: '1', XDG_STATE_HOME: join(home, 'state'), RUNNER_TEMP: home }
    })
    expect(step.status).toBe(1)
    expect(step.stdout).toMatch(/^::error [^\n]*,file=app\/Dockerfile,line=4,col=1::/m)
    expect(step.summary.split('\n')[0]).toBe(
      '## ❌ `build-chain-failed-instruction/app:1` failed at Dockerfile:4: `cannot find the thing`'
    )
    const report = JSON.parse(readFileSync(step.outputs.report ?? '', 'utf8')) as {
      images: { failure: { where?: object } | null }[]
    }
    expect(report.images[1]?.failure?.where).toMatchObject({ position: { line: 4 } })
  }
)
