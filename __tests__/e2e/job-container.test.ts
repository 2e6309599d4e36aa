import { execFileSync, spawnSync } from 'node:child_process'
import { cpSync, existsSync, symlinkSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { which } from '../../src/adapters/which.js'
import { type JobContainer, makeJobContainer } from '../fixtures/job-container.js'
import { ROOT } from '../fixtures/markdown.js'
import { manifest, temporaryProject, writeTree } from '../fixtures/project.js'
import { findWorkflowTools, runWorkflow } from '../fixtures/workflow-runner.js'

const { folder: tools = '' } = findWorkflowTools()

const NAME = `bc-job-${process.pid}`

const docker = (...args: string[]) => execFileSync('docker', args, { encoding: 'utf8' }).trim()

/** What the runner keeps between its jobs. */
const volumesOfRunner = () =>
  docker('volume', 'ls', '--quiet', '--filter', 'name=act-').split('\n').filter(Boolean)

/** What an image of the project has at a path; its lines. */
const inImage = (path: string) =>
  docker('run', '--rm', '--entrypoint', '/bin/cat', `${NAME}/app:1`, path)

const SAVE =
  'for file in /seen/* /seen/*/* /seen/*/*/*; do if [ -f $file ]; then cat $file; fi; done > /found'

/** A base of one busybox, and a template that writes down what it finds below /seen. */
function project(volumes: Record<string, string>, runCommand: readonly string[] = []): string {
  const root = temporaryProject()
  writeTree(root, {
    'docker/IMAGES.json': manifest(
      { tag: `${NAME}/base:1`, dockerfile: 'Dockerfile', working_dir: '../base' },
      { tag: `${NAME}/app:1` }
    ),
    'base/Dockerfile':
      'FROM scratch\nCOPY busybox /bin/busybox\nRUN ["/bin/busybox", "--install", "/bin"]\nCOPY passwd /etc/passwd\nCOPY passwd /tmp/passwd\n',
    'base/passwd': 'root:x:0:0:root:/root:/bin/sh\n',
    'config/greeting': 'hello from the project\n',
    'docker/packer/app-1.json': JSON.stringify({
      builders: [
        {
          type: 'docker',
          image: `${NAME}/base:1`,
          commit: true,
          volumes,
          run_command: ['-d', '-i', '-t', ...runCommand, '{{.Image}}', '/bin/sh']
        }
      ],
      provisioners: [
        { type: 'file', source: 'config', destination: '/uploaded' },
        { type: 'shell', inline: [SAVE] }
      ]
    })
  })
  cpSync(which('busybox') ?? '/bin/busybox', join(root, 'base/busybox'), { dereference: true })
  return root
}

describe('in a container of a job', () => {
  let job: JobContainer
  let runnerVolumes: readonly string[] = []
  beforeAll(() => {
    runnerVolumes = volumesOfRunner()
    job = makeJobContainer(`${NAME}/job:1`)
  })
  afterAll(() => {
    job?.remove()
    const left = volumesOfRunner().filter(volume => !runnerVolumes.includes(volume))
    if (left.length > 0) spawnSync('docker', ['volume', 'rm', ...left])
    spawnSync('docker', ['rmi', '--force', `${NAME}/app:1`, `${NAME}/base:1`])
  })

  /** Builds a project that is mounted at /__w/app/app; the whole folder of its projects is /__w. */
  const build = (root: string, options: readonly string[] = [], before = '') =>
    job.run(
      [`--volume=${root}:/__w/app/app`, '--workdir=/__w/app/app', ...options],
      `${before}\nbuild-chain build --reuse off`
    )

  it("hands a template's volumes on from the container's own mounts", async () => {
    const { status, stderr } = await build(
      project({ '{{pwd}}/config': '/seen/config', '/sys/fs/cgroup': '/sys/fs/cgroup' }),
      ['--env=TMPDIR=/tmp/of-the-job', '--tmpfs=/tmp/of-the-job:exec']
    )
    expect(stderr).toContain(`${NAME}/app:1 built`)
    expect(status).toBe(0)
    expect(inImage('/found')).toBe('hello from the project')
    expect(inImage('/uploaded/greeting')).toBe('hello from the project')
    // Packer's own folder, which the daemon would have made.
    expect(existsSync('/tmp/of-the-job')).toBe(false)
  })

  it('hands on links, mounts of run_command, and mounts that lie in the mounted folder', async () => {
    const root = project({}, [
      '-v',
      '/__w/app/app/link:/seen/link:ro',
      '--mount',
      'type=bind,source=/__w/app/app/config,target=/seen/config'
    ])
    symlinkSync('/__w/app/app/linked', join(root, 'link'))
    const other = temporaryProject()
    writeFileSync(join(other, 'secret'), 'from another mount\n')
    writeTree(root, { 'linked/note': 'by a link\n' })
    const { status, stderr } = await build(root, [`--volume=${other}:/__w/app/app/config/inner`])
    expect(stderr).toContain(`${NAME}/app:1 built`)
    expect(status).toBe(0)
    const found = inImage('/found').split('\n')
    for (const line of ['hello from the project', 'from another mount', 'by a link']) {
      expect(found).toContain(line)
    }
  })

  it('ends with status 3 and says why where a path is on none of its mounts', async () => {
    const root = project({ '/opt/only-here': '/seen/opt' })
    const { status, stderr } = await build(
      root,
      [],
      'mkdir -p /opt/only-here && echo text > /opt/only-here/file'
    )
    expect(status).toBe(3)
    expect(stderr).toContain(
      "cannot mount /opt/only-here at /seen/opt: it lies in this job's container and on none of its mounts"
    )
    expect(stderr).toContain('docs/action.md#job-containers')
    expect(existsSync('/opt/only-here')).toBe(false)
    expect(docker('ps', '--all', '--quiet', '--filter', `ancestor=${NAME}/base:1`)).toBe('')
  })

  it.skipIf(tools === '')('of a real runner, builds from the checkout in it', async () => {
    const root = project({ '{{pwd}}/config': '/seen/config' })
    for (const name of ['action.yml', 'dist']) {
      cpSync(join(ROOT, name), join(root, name), { recursive: true })
    }
    const run = await runWorkflow(tools, root, {
      workflow: 'job-container.yml',
      args: [`--var=IMAGE=${job.image}`, `--var=OPTIONS=${job.options.join(' ')}`]
    })
    expect(run.log).toContain(`${NAME}/app:1 built`)
    expect(run.status).toBe(0)
    expect(inImage('/found')).toBe('hello from the project')
  })

  describe('that its daemon does not know', () => {
    // As where the daemon is in a container of its own, beside the job's.
    const stranger = [
      'mkdir -p /first',
      'echo "#!/bin/sh" > /first/docker',
      `echo 'if [ "$1 $2" = "container inspect" ]; then exit 1; fi; exec ${which('docker')} "$@"' >> /first/docker`,
      'chmod +x /first/docker',
      'PATH=/first:$PATH'
    ].join('\n')

    it('ends with status 3 where the daemon has nothing at a path', async () => {
      const root = project({ '{{pwd}}/config': '/seen/config' })
      const { status, stderr } = await build(root, [], stranger)
      expect(stderr).toContain('the Docker daemon does not see it at /__w/app/app/config')
      expect(status).toBe(3)
      expect(existsSync('/__w')).toBe(false)
    })

    it('builds where both have the same at a path', async () => {
      const root = project({ '{{pwd}}/config': '/seen/config' })
      const { status, stderr } = await job.run(
        [`--volume=${root}:${root}`, `--workdir=${root}`],
        `${stranger}\nbuild-chain build --reuse off`
      )
      expect(stderr).toContain(`${NAME}/app:1 built`)
      expect(status).toBe(0)
      expect(inImage('/found')).toBe('hello from the project')
    })
  })
})
