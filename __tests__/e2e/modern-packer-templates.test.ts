import { execFileSync, spawnSync } from 'node:child_process'
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { buildFrom, type Machine, openYard, type Yard } from '../fixtures/modern-machine.js'
import { findModernPacker, modernCatalogue } from '../fixtures/modern-packer.js'
import {
  ANSIBLE_LOCAL,
  ANSIBLE_REMOTE,
  exampleIn,
  HCL,
  OLDER,
  projectOnBase,
  REFUSED
} from '../fixtures/modern-projects.js'
import { type ReleaseServer, startReleaseServer } from '../fixtures/release-server.js'

const { folder = '' } = findModernPacker()

const ansible = spawnSync('ansible-playbook', ['--version'])
if (ansible.status !== 0) {
  console.log('The test with the ansible provisioner is skipped: no ansible-playbook on PATH')
}

/** Templates of real projects, beside this one on some machines only. */
const CONFORMANCE = resolve(import.meta.dirname ?? '.', '../../../shared/conformance/generate')
if (!existsSync(CONFORMANCE)) console.log(`The older templates of ${CONFORMANCE} are not there`)

const docker = (...args: string[]) => execFileSync('docker', args, { encoding: 'utf8' }).trim()

describe.skipIf(folder === '')(
  'a current Packer, with the plugins that a template asks for,',
  () => {
    let yard: Yard
    let server: ReleaseServer
    let machine: Machine

    beforeAll(async () => {
      yard = openYard('bc-templates')
      server = await startReleaseServer({ releases: await modernCatalogue(folder) })
      machine = yard.machine()
    })
    afterAll(async () => {
      await server?.close()
      yard?.remove()
    })

    const build = (project: string, ...args: string[]) =>
      buildFrom({ machine, project, server, args })

    /** Output of a command in an image of the yard. */
    const run = (image: string, ...command: string[]) =>
      docker('run', '--rm', '--entrypoint', '', `${yard.prefix}/${image}`, ...command)

    const configOf = (image: string) =>
      JSON.parse(docker('inspect', '--format', '{{json .Config}}', `${yard.prefix}/${image}`))

    it('builds the systemd example, whose container runs systemd', async () => {
      const { status, stderr } = await build(exampleIn(yard, 'systemd'))
      expect(stderr).toContain('Packer 1.15.0')
      expect(stderr).toContain(`${yard.prefix}/service:1.0 built`)
      expect(status).toBe(0)
      expect(run('service:1.0', 'systemctl', 'is-enabled', 'demo.service')).toBe('enabled')
      expect(run('service:1.0', 'cat', '/var/lib/demo/started')).toContain('process 1, systemd')
    })

    it('builds HCL on HCL on a base that only the daemon has', async () => {
      const project = projectOnBase(yard, HCL.images, HCL.files)
      const { status, stdout, stderr } = await build(project)
      expect(stderr).toMatch(/^Plugin github.com\/hashicorp\/docker 1\.1\.2 /m)
      expect(stdout.trim().split('\n')).toEqual(
        ['base:1.0', 'hcl-parent:1.0', 'hcl-parent:latest', 'hcl-child:1.0'].map(
          name => `${yard.prefix}/${name}`
        )
      )
      expect(status).toBe(0)
      expect(run('hcl-child:1.0', 'cat', '/parent', '/child')).toBe('MADE BY HCL\ntwo words')
      expect(configOf('hcl-child:1.0').Env).toContain('WORDS=MADE-BY-HCL')
    })

    it('provisions by ansible-local, whose plugin nobody named', async () => {
      const project = projectOnBase(yard, ANSIBLE_LOCAL.images, ANSIBLE_LOCAL.files)
      const { status, stderr } = await build(project)
      expect(stderr).toMatch(
        /^Plugin github.com\/hashicorp\/ansible 1\.1\.2 .*: for provisioner ansible-local in local-1.0.json$/m
      )
      expect(status).toBe(0)
      expect(run('local:1.0', 'cat', '/playbook')).toBe('provisioned by a playbook\ntwice')
    })

    it.skipIf(ansible.status !== 0)('provisions by the ansible of this machine', async () => {
      const project = projectOnBase(yard, ANSIBLE_REMOTE.images, ANSIBLE_REMOTE.files)
      const { status, stderr } = await build(project)
      expect(stderr).toMatch(/^Plugin github.com\/hashicorp\/ansible 1\.1\.2 /m)
      expect(status).toBe(0)
      expect(run('remote:1.0', 'cat', '/remote')).toMatch(/^packer and 2$/)
    })

    it('builds a template in the older style, and tags what its docker-tag names by `tag`', async () => {
      const { status, stdout, stderr } = await build(projectOnBase(yard, OLDER.images, OLDER.files))
      expect(stderr).toContain('"tag" option has been replaced with "tags"')
      expect(status).toBe(0)
      expect(stdout).toContain(`${yard.prefix}/older:2.3.3\n`)
      expect(run('older:2.3.3', 'cat', '/params.yml')).toBe('version: 2.3.3')
      expect(run('older:2.3.3', 'cat', '/provisioned').split('\n')).toEqual(
        expect.arrayContaining(['IMAGES.json', 'provision.sh', '2.3.3'])
      )
      const { Volumes, Labels, Env, Entrypoint, ExposedPorts } = configOf('older:2.3.3')
      expect(Object.keys(Volumes)).toEqual(['/data', '/setup', '/srv/projects/older/data'])
      expect(Labels).toMatchObject({ maintainer: 'somebody' })
      expect(Env).toContain('USE_INIT=1')
      expect(Entrypoint).toEqual(['/bin/sh', '-c', '/bin/sh'])
      expect(Object.keys(ExposedPorts)).toEqual(['80/tcp', '9200/tcp', '9300/tcp'])
    })

    it.skipIf(!existsSync(CONFORMANCE))('builds templates that real projects had', async () => {
      const cases = readdirSync(CONFORMANCE).map(name =>
        JSON.parse(readFileSync(join(CONFORMANCE, name), 'utf8'))
      )
      const [paths, files] = [[] as string[], {} as Record<string, string>]
      for (const { generated } of cases) {
        const [path = '', text = ''] = Object.entries<string>(generated)[0] ?? []
        paths.push(path)
        files[path] = text.replaceAll('corpusops/', 'PREFIX/')
      }
      const project = projectOnBase(yard, [], {})
      const { images } = JSON.parse(readFileSync(join(project, 'docker/IMAGES.json'), 'utf8'))
      const ubuntu = { tag: 'PREFIX/ubuntu:16.04', dockerfile: '.docker/ubuntu/Dockerfile' }
      const older = yard.project({
        ...files,
        '.docker/IMAGES.json': JSON.stringify({
          images: [...images, ubuntu, ...paths.map(path => ({ file: path.split('/').at(-1) }))]
        }),
        '.docker/ubuntu/Dockerfile': `FROM PREFIX/base:1.0
RUN printf '#!/bin/sh\\nexec /bin/sh "$@"\\n' > /bin/bash && cp /bin/bash /entry_point && chmod +x /bin/bash /entry_point
`,
        '.docker/provision.sh': '#!/bin/bash\nset -e\nls -a "$_P.in" > /provisioned\n'
      })
      execFileSync('cp', ['-r', join(project, 'docker'), older])
      const { status, stdout, stderr } = await build(older, '--images-files', '.docker/IMAGES.json')
      expect(stderr).not.toContain('failed')
      expect(status).toBe(0)
      const made = stdout.split('\n').filter(tag => /(elasticsearch|postgis|mysql):/.test(tag))
      expect(made).toHaveLength(paths.length)
      for (const tag of made) {
        expect(run(tag.slice(yard.prefix.length + 1), 'cat', '/provisioned')).toContain('.docker')
        expect(Object.keys(configOf(tag.slice(yard.prefix.length + 1)).Volumes)).toContain('/setup')
      }
    })

    it('names what it no longer takes, with the line that packer fix would write', async () => {
      const { status, stderr } = await build(projectOnBase(yard, REFUSED.images, REFUSED.files))
      expect(status).toBe(1)
      expect(stderr).toContain("Deprecated configuration key: 'ssh_key_path'")
      // It stands with the failure, and again where the run ends.
      const lines = new Set(stderr.split('\n').map(line => line.trim()))
      expect([...lines].filter(line => line.includes('packer fix writes'))).toEqual([
        'refused-1.0.json:6:7: "ssh_key_path": "/root/key" is of an older Packer: packer fix writes "ssh_private_key_file": "/root/key"',
        'refused-1.0.json:14:7: "tag": "1.0" is of an older Packer: packer fix writes "tags": ["1.0"]',
        'refused-1.0.json:18:7: "filename": "manifest.json" is of an older Packer: packer fix writes "output": "manifest.json"'
      ])
    })
  }
)
