import { execFileSync } from 'node:child_process'
import { chmodSync, mkdirSync, writeFileSync } from 'node:fs'
import { dirname } from 'node:path'
import { describe, expect, it } from 'vitest'
import {
  afterEdit,
  decision,
  isSeen,
  onDaemon,
  writeApp,
  writeTemplate
} from '../../fixtures/reuse-checks.js'
import { dockerfileImage, type ReuseProject, reuseProject } from '../../fixtures/reuse-project.js'

function withBase(): ReuseProject {
  const project = reuseProject()
  onDaemon(project, 'base:1')
  return project
}

const outside = (project: ReuseProject, path: string) => project.path(`../${path}`)

function writeOutside(project: ReuseProject, path: string, text: string): void {
  mkdirSync(dirname(outside(project, path)), { recursive: true })
  writeFileSync(outside(project, path), text)
}

const provisioned = (...provisioners: object[]) => ({ provisioners })

describe('a template', () => {
  it('is seen to change, and so is its base', async () => {
    const project = withBase()
    writeTemplate(project, {})
    const after = await afterEdit(project, () => onDaemon(project, 'base:1', 'second'))
    expect(after).toBe('build: base base:1 moved')
    await project.build()
    writeTemplate(project, { changes: ['ENV A=b'] })
    expect(await decision(project)).toBe('build: docker/packer/app-1.json changed')
  })

  it.each(['script', 'scripts'])('is built where a file of its %s changes', async field => {
    const project = withBase()
    project.write('s.sh', '1')
    const value = field === 'script' ? 's.sh' : ['s.sh']
    writeTemplate(project, {}, provisioned({ type: 'shell', [field]: value }))
    expect(await afterEdit(project, () => project.write('s.sh', '2'))).toBe('build: s.sh changed')
  })

  it('is built where a file in a folder that it uploads changes, comes or goes', async () => {
    const project = withBase()
    project.write('up/x', '1')
    project.write('up/deep/y', '1')
    const upload = { type: 'file', source: 'up', destination: '/up' }
    writeTemplate(project, {}, provisioned(upload))
    const edited = await afterEdit(project, () => project.write('up/deep/y', '2'))
    expect(edited).toBe('build: up/deep/y changed')
    const added = await afterEdit(project, () => project.write('up/z', '1'))
    expect(added).toBe('build: up/z added')
    const moded = await afterEdit(project, () => chmodSync(project.path('up/x'), 0o755))
    expect(moded).toBe('build: up/x changed')
    const removed = await afterEdit(project, () => project.unlink('up/z'))
    expect(removed).toBe('build: up/z removed')
  })

  it('is built where what a link that it uploads leads to changes', async () => {
    const project = withBase()
    project.write('real', '1')
    project.link('real', 'link')
    const upload = { type: 'file', source: 'link', destination: '/x' }
    writeTemplate(project, {}, provisioned(upload))
    expect(await afterEdit(project, () => project.write('real', '2'))).toMatch(/^build: link/)
  })

  it('is kept where a file changes that it does not take', async () => {
    const project = withBase()
    project.write('s.sh', '1')
    project.write('other', '1')
    writeTemplate(project, {}, provisioned({ type: 'shell', script: 's.sh' }))
    expect(await afterEdit(project, () => project.write('other', '2'))).toBe('reuse: unchanged')
  })

  it.each([['-var-file', 'v.json'], ['-var-file=v.json'], ['--var-file=v.json']])(
    'is built where a file of variables changes: %s',
    async (...words) => {
      const project = withBase()
      project.write('v.json', '{"a":"1"}')
      const shell = { type: 'shell', inline: ['echo {{user `a`}}'] }
      writeTemplate(project, {}, { variables: { a: '' }, ...provisioned(shell) })
      const more = { working_dir: '..', extra_args: words }
      project.manifest({ name: 'app', version: '1', ...more })
      const edit = () => project.write('v.json', '{"a":"2"}')
      expect(await isSeen(project, edit)).toBe(true)
    }
  )

  it('is built where a value of its arguments or of the environment changes', async () => {
    const project = withBase()
    project.env.TAKEN = '1'
    const shell = { type: 'shell', inline: ['echo {{user `a`}} {{user `b`}}'] }
    const variables = { a: '{{env `TAKEN`}}', b: '' }
    writeTemplate(project, {}, { variables, ...provisioned(shell) })
    const manifest = (b: string) =>
      project.manifest({ name: 'app', version: '1', working_dir: '..', build_args: { b } })
    manifest('1')
    const env = await afterEdit(project, () => {
      project.env.TAKEN = '2'
    })
    expect(env).toBe('build: variable TAKEN changed')
    expect(await afterEdit(project, () => manifest('2'))).toBe('build: arguments changed')
    project.env.OTHER = 'x'
    await project.build()
    project.env.OTHER = 'y'
    expect(await decision(project)).toBe('reuse: unchanged')
  })

  it.each([
    ['provisioners', { provisioners: [{ type: 'shell-local', inline: ['make'] }] }],
    ['post-processors', { 'post-processors': [{ type: 'shell-local', inline: ['make'] }] }]
  ])('that runs shell-local in its %s is built each time', async (_, more) => {
    const project = withBase()
    writeTemplate(project, {}, more)
    expect(await decision(project)).toMatch(/^build: .*shell-local/)
  })

  it.each(['{{timestamp}}', '{{isotime}}', '{{uuid}}', '{{packer_version}}'])(
    'that holds %s is built each time',
    async text => {
      const project = withBase()
      writeTemplate(project, {}, provisioned({ type: 'shell', inline: [`echo ${text}`] }))
      await project.build()
      expect(await decision(project)).toMatch(/^build: /)
    }
  )

  it('whose base cannot be told is built each time, and the reason says so', async () => {
    const project = withBase()
    writeTemplate(project, { image: '{{if true}}base:1{{end}}' })
    project.engine.make({ content: 'x', onbuild: [] }, ['{{if true}}base:1{{end}}'])
    await project.build()
    expect(await decision(project)).toMatch(/^build: .*base/)
  })

  it('that builds its base from a Dockerfile sees the base of that Dockerfile move', async () => {
    const project = withBase()
    project.write('docker/packer/app.pkr.hcl', HCL.replace('image = "base:1"', DOCKERFILE_BLOCK))
    project.write('Dockerfile', 'FROM base:1\n')
    project.manifest({ name: 'app', version: '1', working_dir: '..', file: 'app.pkr.hcl' })
    expect(await isSeen(project, () => onDaemon(project, 'base:1', 'second'))).toBe(true)
  })

  it('whose changes cannot be told may hand an ONBUILD to its children', async () => {
    const project = withBase()
    project.write('f', '1')
    writeTemplate(project, { changes: ['{{if true}}ONBUILD COPY f /{{end}}'] })
    const template = { name: 'mid', version: '1', working_dir: '..', file: 'app-1.json' }
    project.write('Dockerfile.app', 'FROM app:1\n')
    project.manifest(template, dockerfileImage('app', { tag: 'child:1', name: 'child' }))
    const of = async () => (await project.plan()).plan.images.at(-1)
    const before = await of()
    project.write('f', '2')
    const after = await of()
    expect(after?.fingerprint === null || after?.fingerprint !== before?.fingerprint).toBe(true)
  })
})

const DOCKERFILE_BLOCK = 'build {\n path = "Dockerfile"\n }'

const HCL = `
variable "a" {
  default = "x"
}
locals {
  b = file("t.tpl")
}
source "docker" "x" {
  image = "base:1"
  commit = true
}
build {
  sources = ["source.docker.x"]
  provisioner "shell" {
    script = "s.sh"
    env = { A = var.a, B = local.b }
  }
  post-processor "docker-tag" {
    repository = "app"
    tags = ["1"]
  }
}
`

it('an HCL template sees its scripts, the files of its functions and PKR_VAR_ variables', async () => {
  const project = withBase()
  project.write('s.sh', '1')
  project.write('docker/packer/t.tpl', '1')
  project.write('docker/packer/app.pkr.hcl', HCL)
  project.manifest({ name: 'app', version: '1', working_dir: '..', file: 'app.pkr.hcl' })
  expect(await isSeen(project, () => project.write('s.sh', '2'))).toBe(true)
  expect(await isSeen(project, () => project.write('docker/packer/t.tpl', '2'))).toBe(true)
  const variable = () => {
    project.env.PKR_VAR_a = 'y'
  }
  expect(await isSeen(project, variable)).toBe(true)
})

it('a folder of HCL sees a file of variables that comes', async () => {
  const project = withBase()
  project.write('docker/packer/app/app.pkr.hcl', HCL.replace('file("t.tpl")', '"b"'))
  project.write('s.sh', '1')
  project.manifest({ name: 'app', version: '1', working_dir: '..', file: 'app' })
  const edit = () => project.write('docker/packer/app/x.auto.pkrvars.hcl', 'a = "z"\n')
  expect(await isSeen(project, edit)).toBe(true)
})

describe('a mount', () => {
  const mounting = (project: ReuseProject, host: string) =>
    writeTemplate(project, { volumes: { [host]: '/x' } })

  const git = (folder: string, ...words: string[]) =>
    execFileSync('git', ['-C', folder, '-c', 'user.name=x', '-c', 'user.email=x@x', ...words], {
      stdio: 'ignore'
    })

  it.each(['volumes', 'run_command'])('of the project by %s sees all of its files', async field => {
    const project = withBase()
    project.write('any/where', '1')
    const run = ['-d', '-i', '-t', '-v', '{{pwd}}:/x', '--entrypoint=/bin/sh', '--', '{{.Image}}']
    writeTemplate(
      project,
      field === 'volumes' ? { volumes: { '{{pwd}}': '/x' } } : { run_command: run }
    )
    const after = await afterEdit(project, () => project.write('any/where', '2'))
    expect(after).toBe('build: any/where changed')
  })

  it('of the project sees what git knows or would know, and no more', async () => {
    const project = withBase()
    project.git = true
    git('/', 'init', project.root)
    project.write('.gitignore', 'ignored\n')
    project.write('ignored', '1')
    project.write('new', '1')
    mounting(project, '{{pwd}}')
    expect(await afterEdit(project, () => project.write('ignored', '2'))).toBe('reuse: unchanged')
    expect(await afterEdit(project, () => project.write('new', '2'))).toBe('build: new changed')
  })

  it('of the project sees the files of a repository within', async () => {
    const project = withBase()
    project.git = true
    mounting(project, '{{pwd}}')
    project.write('roles/x', '1')
    git('/', 'init', project.root)
    git('/', 'init', project.path('roles'))
    git(project.path('roles'), 'add', '.')
    git(project.path('roles'), 'commit', '-m', 'x')
    expect(await afterEdit(project, () => project.write('roles/x', '2'))).toMatch(
      /roles\/x changed/
    )
    git(project.root, 'add', '.')
    expect(await afterEdit(project, () => project.write('roles/x', '3'))).toMatch(
      /roles\/x changed/
    )
  })

  it('of a folder that git ignores sees its files', async () => {
    const project = withBase()
    project.git = true
    git('/', 'init', project.root)
    project.write('.gitignore', 'local\n')
    project.write('local/x', '1')
    mounting(project, '{{pwd}}/local')
    expect(await afterEdit(project, () => project.write('local/x', '2'))).toMatch(/x changed/)
  })

  it('of a link that leads out of the project cannot be watched', async () => {
    const project = withBase()
    writeOutside(project, 'shared/x', '1')
    project.link('../shared', 'shared')
    mounting(project, '{{pwd}}/shared')
    expect(await isSeen(project, () => writeOutside(project, 'shared/x', '2'))).toBe(true)
  })

  it('of a folder outside of the project cannot be watched, and the reason says so', async () => {
    const project = withBase()
    writeOutside(project, 'shared/x', '1')
    mounting(project, outside(project, 'shared'))
    expect(await decision(project)).toMatch(/^build: .*mounts .*shared/)
  })
})

it('Ansible follows links out of the project, and what they lead to is seen', async () => {
  const project = withBase()
  writeOutside(project, 'roles/common/main.yml', '1')
  project.write('play/site.yml', 'x')
  project.link('../../roles/common', 'play/common')
  const ansible = { type: 'ansible', playbook_file: 'play/site.yml' }
  writeTemplate(project, {}, provisioned(ansible))
  const edit = () => writeOutside(project, 'roles/common/main.yml', '2')
  expect(await isSeen(project, edit)).toBe(true)
})

it('a Dockerfile on a Packer image is built where its base is', async () => {
  const project = withBase()
  project.write('s.sh', '1')
  writeTemplate(project, {}, provisioned({ type: 'shell', script: 's.sh' }))
  writeApp(project, 'FROM mid:1\n')
  const template = JSON.stringify({
    builders: [{ type: 'docker', image: 'base:1', commit: true }],
    provisioners: [{ type: 'shell', script: 's.sh' }],
    'post-processors': [{ type: 'docker-tag', repository: 'mid', tag: '1' }]
  })
  project.write('docker/packer/mid-1.json', template)
  project.manifest(dockerfileImage('app'), { name: 'mid', version: '1', working_dir: '..' })
  const after = await afterEdit(project, () => project.write('s.sh', '2'))
  expect(after).toBe('build: base packer__mid-1.json is rebuilt')
})
