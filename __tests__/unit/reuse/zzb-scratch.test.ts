import { chmodSync, linkSync, mkdirSync, renameSync, rmSync, symlinkSync, utimesSync, writeFileSync, statSync, readFileSync, readdirSync } from 'node:fs'
import { execFileSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { exec } from '../../../src/adapters/exec.js'
import { openTrees } from '../../../src/adapters/trees.js'
import { stateFolder } from '../../../src/adapters/memory.js'
import { readDockerfile } from '../../../src/chain/dockerfile.js'
import { actions, decisions, dockerfileImage, reuseProject, type ReuseProject } from '../../fixtures/reuse-project.js'

function base(project: ReuseProject, name = 'base:1', content = 'a', onbuild: string[] = []) {
  return project.engine.make({ content: `${name} ${content}`, onbuild }, [name])
}
const app = (p: ReuseProject, text: string, more: object = {}) => {
  p.write('Dockerfile.app', text)
  p.manifest(dockerfileImage('app', more))
}
const fp = async (p: ReuseProject) => { const c = await p.plan(); const i = c.plan.images.at(-1); console.log(JSON.stringify(decisions(c)), i?.evidence?.bases, i?.evidence?.files.rows.map(r => r[0])); return i?.fingerprint === null ? Math.random() : /cannot|which lies/.test(i?.reason ?? '') ? Math.random() : i?.fingerprint }
async function seen(p: ReuseProject, edit: () => void) { const a = await fp(p); edit(); expect(await fp(p)).not.toBe(a) }
async function unseen(p: ReuseProject, edit: () => void) { const a = await fp(p); edit(); expect(await fp(p)).toBe(a) }

describe('blind2', () => {
  it('a1 classic where DOCKER_BUILDKIT is not set: TARGETARCH is empty', async () => {
    const p = reuseProject(); base(p); p.write('bin', '1'); p.write('binamd64', '1')
    app(p, 'FROM base:1\nARG TARGETARCH\nCOPY bin$TARGETARCH /x\n')
    await seen(p, () => p.write('bin', '2'))
  })
  it('a2 classic: first of two stages of a name', async () => {
    const p = reuseProject(); base(p); p.write('one', '1'); p.write('two', '1')
    app(p, 'FROM base:1 AS x\nCOPY one /\nFROM base:1 AS x\nCOPY two /\n', { extra_args: '--target x' })
    await seen(p, () => p.write('one', '2'))
  })
  it('a3 DOCKER_BUILDKIT=false', async () => {
    const p = reuseProject(); base(p); p.write('bin', '1'); p.write('binamd64', '1'); p.env.DOCKER_BUILDKIT = 'false'
    app(p, 'FROM base:1\nARG TARGETARCH\nCOPY bin$TARGETARCH /x\n')
    await seen(p, () => p.write('bin', '2'))
  })
  it('b1 context docker-image under another spelling', async () => {
    const p = reuseProject(); base(p); base(p, 'foo:1')
    app(p, 'FROM base:latest\n', { extra_args: '--build-context base=docker-image://foo:1' })
    base(p, 'base:latest')
    await seen(p, () => base(p, 'foo:1', 'b'))
  })
  it('b2 context in place of a stage', async () => {
    const p = reuseProject(); base(p); base(p, 'foo:1')
    app(p, 'FROM base:1 AS build\nRUN x\nFROM base:1\nCOPY --from=build /x /\n', { extra_args: '--build-context build=docker-image://foo:1' })
    await seen(p, () => base(p, 'foo:1', 'b'))
  })
  it('b3 context git without a scheme', async () => {
    const p = reuseProject(); base(p)
    app(p, 'FROM base:1\nCOPY --from=src /x /\n', { extra_args: '--build-context src=github.com/foo/bar' })
    const c = await p.plan(); console.log(decisions(c)); expect(decisions(c).app).toMatch(/tracked/)
  })
  it('b3b context git ssh', async () => {
    const p = reuseProject(); base(p)
    app(p, 'FROM base:1\nCOPY --from=src /x /\n', { extra_args: '--build-context src=git@github.com:foo/bar.git' })
    const c = await p.plan(); console.log(decisions(c)); expect(decisions(c).app).toMatch(/tracked/)
  })
  it('b4 context folder', async () => {
    const p = reuseProject(); base(p); p.write('other/x', '1')
    app(p, 'FROM base:1\nCOPY --from=src /x /\n', { extra_args: '--build-context src=other' })
    await seen(p, () => p.write('other/x', '2'))
  })
  it('b5 context folder that is a chain of links', async () => {
    const p = reuseProject(); base(p); p.write('real/x', '1'); symlinkSync('real', p.path('l1')); symlinkSync('l1', p.path('l2'))
    app(p, 'FROM base:1\nCOPY --from=src /x /\n', { extra_args: '--build-context src=l2' })
    await seen(p, () => p.write('real/x', '2'))
  })
  it('c1 link to a folder on the way', async () => {
    const p = reuseProject(); base(p); p.write('real/x', '1'); symlinkSync('real', p.path('l'))
    app(p, 'FROM base:1\nCOPY l/x /\n')
    await seen(p, () => p.write('real/x', '2'))
  })
  it('c2 context that is a link', async () => {
    const p = reuseProject(); base(p); p.write('real/x', '1'); symlinkSync('real', p.path('ctx')); p.write('real/Dockerfile.app', 'FROM base:1\nCOPY x /\n')
    p.manifest(dockerfileImage('app', { working_dir: '../ctx' }))
    await seen(p, () => p.write('real/x', '2'))
    await seen(p, () => { p.write('real/.dockerignore', 'x\n'); })
  })
  it('c3 root folder mode with COPY .', async () => {
    const p = reuseProject(); base(p); p.write('c/x', '1'); p.write('c/Dockerfile.app', 'FROM base:1\nCOPY . /app\n')
    p.manifest(dockerfileImage('app', { working_dir: '../c' }))
    await seen(p, () => chmodSync(p.path('c'), 0o700))
  })
  it('d1 XDG_STATE_HOME empty', async () => {
    expect(stateFolder({ HOME: '/h', XDG_STATE_HOME: '' })).toBe('/h/.local/state/build-chain')
  })
  it('d1b XDG_STATE_HOME relative', async () => {
    expect(stateFolder({ HOME: '/h', XDG_STATE_HOME: 'x' })).toBe('/h/.local/state/build-chain')
  })
  it('d1c HOME empty', async () => {
    console.log(stateFolder({ HOME: '' }))
  })
  it('d2 built in the future', async () => {
    const p = reuseProject(); base(p); app(p, 'FROM base:1\n')
    await p.build()
    const c = await p.plan({ maxAge: 10, now: Date.now() / 1000 - 1e6 }); console.log(decisions(c))
    expect(actions(c).app).toBe('build')
  })
  it('d3 short reads', async () => {
    const t = openTrees(exec, undefined)
    const path = '/proc/kallsyms'
    expect(t.hash(path, 'x')).toBe(createHash('sha256').update(readFileSync(path)).digest('hex'))
  })
  it('d4 ENOTDIR', async () => {
    const p = reuseProject(); p.write('f', '')
    const t = openTrees(exec, undefined)
    expect(t.look(p.path('f/x'))).toBe(undefined)
    symlinkSync('loop', p.path('loop'))
    expect(t.look(p.path('loop/x'))).toBe(undefined)
  })
  it('d5 a file that is called base x', async () => {
    const p = reuseProject(); base(p); p.write('d/base x', '1'); app(p, 'FROM base:1\nCOPY d/* /\n')
    await p.build(); p.write('d/base x', '2')
    const c = await p.plan(); console.log(decisions(c))
    p.write('base y', '1')
  })
  it('d6 rename only, file copied to a given name', async () => {
    const p = reuseProject(); base(p)
  })
  it('e1 plan = build when a base is gone but a registry has it', async () => {
    const p = reuseProject(); const id = base(p); app(p, 'FROM base:1\n')
    p.engine.registry.set('docker.io/library/base:1', p.engine.find(id)!)
    await p.build(); p.engine.untag('base:1')
    const c = await p.plan(); const r = await p.build()
    console.log(decisions(c), r.results.map(x => [x.status, x.reason]))
    expect(r.started.length > 0 ? 'build' : 'reuse').toBe(actions(c).app)
  })
  it('e2 digest base is not pulled again', async () => {
    const p = reuseProject(); const id = base(p); const ref = p.engine.digest(id, 'base')
    app(p, `FROM ${ref}\n`)
    const r = await p.build(); console.log(r.results.map(x => [x.status, x.reason]), p.engine.calls)
    expect(p.engine.calls).not.toContain('pull')
  })
  it('e3 second run: calls', async () => {
    const p = reuseProject(); base(p); app(p, 'FROM base:1\n'); await p.build(); p.engine.calls.length = 0
    await p.build(); console.log(p.engine.calls); expect(p.engine.calls).toEqual(['images'])
  })
  it('f1 unknown changes with ONBUILD (packer)', async () => {
    const p = reuseProject(); base(p); p.write('f', '1')
    p.write('docker/packer/mid-1.json', JSON.stringify({ builders: [{ type: 'docker', image: 'base:1', commit: true, changes: ['{{if true}}ONBUILD COPY f /{{end}}'] }], 'post-processors': [{ type: 'docker-tag', repository: 'mid', tag: '1' }] }))
    p.write('Dockerfile.app', 'FROM mid:1\n')
    p.manifest({ name: 'mid', version: '1', working_dir: '..' }, dockerfileImage('app'))
    await seen(p, () => p.write('f', '2'))
  })
  it('f2 ansible role link outside', async () => {
    const p = reuseProject(); base(p); mkdirSync(join(p.root, '../roles/common'), { recursive: true }); writeFileSync(join(p.root, '../roles/common/main.yml'), '1')
    p.write('play/site.yml', 'x'); symlinkSync('../../roles/common', p.path('play/common'))
    p.write('docker/packer/app-1.json', JSON.stringify({ builders: [{ type: 'docker', image: 'base:1', commit: true }], provisioners: [{ type: 'ansible', playbook_file: 'play/site.yml' }], 'post-processors': [{ type: 'docker-tag', repository: 'app', tag: '1' }] }))
    p.manifest({ name: 'app', version: '1', working_dir: '..' })
    await seen(p, () => writeFileSync(join(p.root, '../roles/common/main.yml'), '2'))
  })
  it('f3 upload: dedupe by name of link', async () => {
    const p = reuseProject(); base(p); p.write('x', '1'); symlinkSync('x', p.path('l')); p.write('l (x)', '1')
    p.write('docker/packer/app-1.json', JSON.stringify({ builders: [{ type: 'docker', image: 'base:1', commit: true }], provisioners: [{ type: 'file', sources: ['l', 'l (x)'], destination: '/' }], 'post-processors': [{ type: 'docker-tag', repository: 'app', tag: '1' }] }))
    p.manifest({ name: 'app', version: '1', working_dir: '..' })
    await seen(p, () => p.write('x', '2'))
    await seen(p, () => p.write('l (x)', '2'))
  })
  it('f4 [\\d]', async () => {
    const p = reuseProject(); base(p); p.write('data', '1'); p.write('9ata', '1')
    app(p, "FROM base:1\nCOPY '[\\d]ata' /\n")
    await seen(p, () => p.write('data', '2'))
  })
  it('g1 secrets', async () => {
    const p = reuseProject(); base(p); p.write('s', '1')
    app(p, 'FROM base:1\nRUN --mount=type=secret,id=s cat /run/secrets/s > /f\n', { extra_args: '--secret id=s,src=s' })
    await seen(p, () => p.write('s', '2'))
  })
  it('g2 iidfile', async () => {})
  it('g3 env of an ENV var given by env in FROM', async () => {
    const p = reuseProject(); base(p); base(p, 'base:2'); p.env.V = '1'
    app(p, 'ARG V\nFROM base:$V\n', { extra_args: '--build-arg V' })
    await seen(p, () => { p.env.V = '2' })
    await seen(p, () => base(p, 'base:2', 'x'))
  })
  it('g4 device node', async () => {
    const p = reuseProject(); base(p); mkdirSync(p.path('d')); execFileSync('mkfifo', [p.path('d/x')])
    app(p, 'FROM base:1\nCOPY d /\n')
    await seen(p, () => { rmSync(p.path('d/x')); execFileSync('mknod', ['-m', '644', p.path('d/x'), 'c', '1', '3']) })
    await seen(p, () => { rmSync(p.path('d/x')); execFileSync('mknod', ['-m', '644', p.path('d/x'), 'c', '1', '5']) })
  })
  it('g5 exclude not needed', async () => {
    const p = reuseProject(); base(p); p.write('d/x', '1'); p.write('d/y.log', '1')
    app(p, 'FROM base:1\nCOPY --exclude=*.log d /\n')
    await unseen(p, () => p.write('d/y.log', '2'))
  })
  it('g6 progress', async () => {
    const p = reuseProject(); base(p)
    app(p, 'FROM base:1\n')
    await unseen(p, () => { p.builderArguments = ['--progress', 'plain'] })
  })
  it('g7 stage not needed', async () => {
    const p = reuseProject(); base(p); p.write('x', '1'); p.write('y', '1')
    app(p, 'FROM base:1 AS a\nCOPY x /\nFROM base:1\nCOPY y /\n')
    await unseen(p, () => { p.write('x', '2') })
  })
  it('g8 ONBUILD RUN only', async () => {
    const p = reuseProject(); base(p, 'base:1', 'a', ['RUN true']); p.write('x', '1')
    app(p, 'FROM base:1\n')
    await unseen(p, () => { p.write('x', '2') })
  })
  it('h1 Dockerfile is a link', async () => {
    const p = reuseProject(); base(p); p.write('D1', 'FROM base:1\n'); p.write('D2', 'FROM base:1\nLABEL a=b\n'); symlinkSync('D1', p.path('Dockerfile.app'))
    p.manifest(dockerfileImage('app'))
    await seen(p, () => { rmSync(p.path('Dockerfile.app')); symlinkSync('D2', p.path('Dockerfile.app')) })
  })
  it('h2 hardlink', async () => {
    const p = reuseProject(); base(p); p.write('a', '1'); p.write('d/x', '2'); app(p, 'FROM base:1\nCOPY d /\n')
    await seen(p, () => { rmSync(p.path('d/x')); linkSync(p.path('a'), p.path('d/x')) })
    await seen(p, () => { p.write('a', '7') })
  })
  it('h3 a shell-local in error-cleanup', async () => {
    const p = reuseProject(); base(p)
    p.write('docker/packer/app-1.json', JSON.stringify({ builders: [{ type: 'docker', image: 'base:1', commit: true }], provisioners: [{ type: 'shell-local', inline: ['x'] }], 'post-processors': [{ type: 'docker-tag', repository: 'app', tag: '1' }] }))
    p.manifest({ name: 'app', version: '1', working_dir: '..' })
    const c = await p.plan(); console.log(decisions(c)); expect(decisions(c).app).toMatch(/shell-local/)
  })
  it('h4 var-file', async () => {
    const p = reuseProject(); base(p); p.write('v.json', '{"a":"1"}')
    p.write('docker/packer/app-1.json', JSON.stringify({ variables: { a: '' }, builders: [{ type: 'docker', image: 'base:1', commit: true }], provisioners: [{ type: 'shell', inline: ['{{user `a`}}'] }], 'post-processors': [{ type: 'docker-tag', repository: 'app', tag: '1' }] }))
    p.manifest({ name: 'app', version: '1', working_dir: '..', extra_args: '-var-file v.json' })
    await seen(p, () => p.write('v.json', '{"a":"2"}'))
    p.manifest({ name: 'app', version: '1', working_dir: '..', extra_args: '--var-file=v.json' })
    await seen(p, () => p.write('v.json', '{"a":"3"}'))
  })
  it('h5 PKR_VAR and HCL', async () => {
    const p = reuseProject(); base(p); p.write('s.sh', '1'); p.write('t.tpl', '1')
    p.write('docker/packer/app.pkr.hcl', 'variable "a" {\n default = "x"\n}\nlocals {\n b = file("t.tpl")\n}\nsource "docker" "x" {\n image = "base:1"\n commit = true\n}\nbuild {\n sources = ["source.docker.x"]\n provisioner "shell" {\n script = "s.sh"\n env = { A = var.a, B = local.b }\n }\n post-processor "docker-tag" {\n repository = "app"\n tags = ["1"]\n }\n}\n')
    p.manifest({ name: 'app', version: '1', working_dir: '..', file: 'app.pkr.hcl' })
    await seen(p, () => { p.env.PKR_VAR_a = 'y' })
    await seen(p, () => p.write('s.sh', '2'))
    await seen(p, () => p.write('t.tpl', '2'))
  })
  it('h6 HCL fileset / templatefile / unknown file', async () => {
    const p = reuseProject(); base(p); p.write('s/a', '1'); p.write('t.tpl', '1')
    for (const expression of ['join(",", fileset("s", "*"))', 'templatefile("t.tpl", {})', 'filebase64("t.tpl")', 'filemd5("t.tpl")', 'env("FOO")', 'file(pathexpand("~/x"))', 'timestamp()', 'file("${path.root}/t.tpl")', 'file(format("%s.tpl", uuidv5("dns","x")))', 'packer.version', 'consul_key("x")', 'join(",", [for f in fileset(path.cwd, "s/*") : file(f)])']) {
      p.write('docker/packer/app.pkr.hcl', `locals {\n b = ${expression}\n}\nsource "docker" "x" {\n image = "base:1"\n commit = true\n}\nbuild {\n sources = ["source.docker.x"]\n provisioner "shell" {\n inline = [local.b]\n }\n post-processor "docker-tag" {\n repository = "app"\n tags = ["1"]\n }\n}\n`)
      p.manifest({ name: 'app', version: '1', working_dir: '..', file: 'app.pkr.hcl' })
      await p.build().catch(() => {})
      const c = await p.plan(); console.log(expression, decisions(c), c.plan.images[0]?.evidence?.files.rows.map(r => r[0]), [...c.plan.images[0]?.evidence?.parts.keys() ?? []])
    }
  })
})
