import { chmodSync, linkSync, mkdirSync, renameSync, rmSync, symlinkSync, utimesSync, writeFileSync, statSync, readFileSync, readdirSync } from 'node:fs'
import { execFileSync } from 'node:child_process'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { actions, decisions, dockerfileImage, reuseProject, type ReuseProject } from '../../fixtures/reuse-project.js'

async function built(project: ReuseProject) {
  const { results } = await project.build()
  expect(results.map(r => [r.status, r.reason, r.failure?.lastLines])).toEqual(results.map(() => ['built', 'not built before', undefined]))
  expect(new Set(Object.values(decisions(await project.plan())))).toEqual(new Set(['reuse: unchanged']))
}
function base(project: ReuseProject, name = 'base:1', content = 'a', onbuild: string[] = []) {
  return project.engine.make({ content: `${name} ${content}`, onbuild }, [name])
}
const app = (p: ReuseProject, text: string, more: object = {}) => {
  p.write('Dockerfile.app', text)
  p.manifest(dockerfileImage('app', more))
}
async function mustBuild(project: ReuseProject) {
  const chain = await project.plan()
  console.log(JSON.stringify(decisions(chain)))
  expect(actions(chain).app).toBe('build')
  return decisions(chain).app
}
async function mustReuse(project: ReuseProject) {
  const chain = await project.plan()
  expect(decisions(chain).app).toBe('reuse: unchanged')
}

describe('blind', () => {
  it('A1 ONBUILD COPY --from outside image in an outside base: moved', async () => {
    const p = reuseProject()
    base(p, 'other:1', 'x'); base(p, 'base:1', 'a', ['COPY --from=other:1 /f /'])
    app(p, 'FROM base:1\n')
    await built(p)
    base(p, 'other:1', 'y')
    await mustBuild(p)
  })
  it('A2 ONBUILD ADD url of an outside base', async () => {
    const p = reuseProject()
    base(p, 'base:1', 'a', ['ADD https://x.test/f /'])
    app(p, 'FROM base:1\n')
    await p.build().catch(() => {})
    const chain = await p.plan(); console.log(decisions(chain))
    expect(actions(chain).app).toBe('build'); expect(decisions(chain).app).toMatch(/x.test/)
  })
  it('A2b ONBUILD ADD url of a base in the chain', async () => {
    const p = reuseProject()
    base(p)
    p.write('Dockerfile.mid', 'FROM base:1\nONBUILD ADD https://x.test/f /\n')
    p.write('Dockerfile.app', 'FROM mid:1\n')
    p.manifest(dockerfileImage('mid'), dockerfileImage('app'))
    p.write('https:/x.test/f', 'x')
    await p.build()
    const chain = await p.plan(); console.log(decisions(chain))
    expect(actions(chain).app).toBe('build'); expect(decisions(chain).app).toMatch(/x.test/)
  })
  it('A3 ONBUILD of a base by digest', async () => {
    const p = reuseProject()
    const id = base(p, 'base:1', 'a', ['COPY f /'])
    const ref = p.engine.digest(id, 'base')
    p.write('f', '1')
    app(p, `FROM ${ref}\n`)
    await built(p)
    p.write('f', '2')
    await mustBuild(p)
  })
  it('A4 the second tag of a skipped base moves', async () => {
    const p = reuseProject()
    base(p)
    p.write('Dockerfile.mid', 'FROM base:1\n')
    p.write('Dockerfile.app', 'FROM mid:two\n')
    p.manifest(dockerfileImage('mid', { tags: ['mid:two'] }), dockerfileImage('app'))
    await p.build()
    await p.build({ skipImages: ['mid'] })
    console.log(decisions(await p.plan({ skipImages: ['mid'] })))
    base(p, 'mid:two', 'moved')
    const chain = await p.plan({ skipImages: ['mid'] })
    console.log(decisions(chain))
    expect(p.wrong(chain)).toEqual([])
    expect(actions(chain).app).toBe('build')
  })
  it('A5 ONBUILD of a skipped base is that of the daemon', async () => {
    const p = reuseProject()
    base(p)
    p.write('Dockerfile.mid', 'FROM base:1\n')
    p.write('Dockerfile.app', 'FROM mid:1\n')
    p.write('f', '1')
    p.manifest(dockerfileImage('mid'), dockerfileImage('app'))
    base(p, 'mid:1', 'daemon', ['COPY f /'])
    await p.build({ skipImages: ['mid'] })
    p.write('f', '2')
    const chain = await p.plan({ skipImages: ['mid'] })
    console.log(decisions(chain))
    expect(actions(chain).app).toBe('build')
  })
  it('B1 Dockerfile edited before the builder reads it, and put back', async () => {
    const p = reuseProject()
    base(p); p.write('f', '1')
    app(p, 'FROM base:1\nCOPY f /\n')
    const { results } = await p.build({}, {
      before: () => p.write('Dockerfile.app', 'FROM base:1\nCOPY f /\nLABEL a=b\n'),
      during: () => p.write('Dockerfile.app', 'FROM base:1\nCOPY f /\n')
    })
    console.log(results.map(r => r.reason))
    const chain = await p.plan()
    expect(p.wrong(chain)).toEqual([])
  })
  it('B2 .dockerignore edited and put back', async () => {
    const p = reuseProject()
    base(p); p.write('d/f', '1'); p.write('d/g', '1'); p.write('.dockerignore', 'd/g\n')
    app(p, 'FROM base:1\nCOPY d /\n')
    const { results } = await p.build({}, {
      before: () => p.write('.dockerignore', '# none\n'),
      during: () => p.write('.dockerignore', 'd/g\n')
    })
    console.log(results.map(r => r.reason))
    expect(p.wrong(await p.plan())).toEqual([])
  })
  it('B3 a file added and removed', async () => {
    const p = reuseProject()
    base(p); p.write('d/f', '1')
    app(p, 'FROM base:1\nCOPY d /\n')
    const { results } = await p.build({}, {
      before: () => p.write('d/new', '# none\n'),
      during: () => rmSync(p.path('d/new'))
    })
    console.log(results.map(r => r.reason))
    expect(p.wrong(await p.plan())).toEqual([])
  })
  it('B3b a file added and removed in the root with a wildcard', async () => {
    const p = reuseProject()
    base(p); p.write('f.txt', '1')
    app(p, 'FROM base:1\nCOPY *.txt /\n')
    const { results } = await p.build({}, {
      before: () => p.write('new.txt', '# none\n'),
      during: () => rmSync(p.path('new.txt'))
    })
    console.log(results.map(r => r.reason))
    expect(p.wrong(await p.plan())).toEqual([])
  })
  it('B4 a folder renamed away and back', async () => {
    const p = reuseProject()
    base(p); p.write('d/f', '1')
    app(p, 'FROM base:1\nCOPY d /\n')
    const { results } = await p.build({}, {
      before: () => { renameSync(p.path('d'), p.path('d.old')); p.write('d/f', 'other') },
      during: () => { rmSync(p.path('d'), { recursive: true }); renameSync(p.path('d.old'), p.path('d')) }
    })
    console.log(results.map(r => r.reason))
    expect(p.wrong(await p.plan())).toEqual([])
  })
  it('B4b one file copied, its folder renamed away and back', async () => {
    const p = reuseProject()
    base(p); p.write('d/f', '1')
    app(p, 'FROM base:1\nCOPY d/f /\n')
    const { results } = await p.build({}, {
      before: () => { renameSync(p.path('d'), p.path('d.old')); p.write('d/f', 'other') },
      during: () => { rmSync(p.path('d'), { recursive: true }); renameSync(p.path('d.old'), p.path('d')) }
    })
    console.log(results.map(r => r.reason))
    expect(p.wrong(await p.plan())).toEqual([])
  })
  it('B4c mode of a folder changed and put back', async () => {
    const p = reuseProject()
    base(p); p.write('d/e/f', '1')
    app(p, 'FROM base:1\nCOPY d /\n')
    const { results } = await p.build({}, {
      before: () => chmodSync(p.path('d/e'), 0o700),
      during: () => chmodSync(p.path('d/e'), 0o755)
    })
    console.log(results.map(r => r.reason))
    expect(p.wrong(await p.plan())).toEqual([])
  })
  it('B5 the tag of a base in the chain moved while its child is built, and moved back', async () => {
    const p = reuseProject()
    base(p)
    p.write('Dockerfile.mid', 'FROM base:1\n')
    p.write('Dockerfile.app', 'FROM mid:1\n')
    p.manifest(dockerfileImage('mid'), dockerfileImage('app'))
    await p.build({ images: ['mid'] })
    const good = p.engine.idOf('mid:1') as string
    const { results } = await p.build({}, {
      before: () => base(p, 'mid:1', 'evil'),
    })
    console.log(results.map(r => [r.status, r.reason]))
    await p.engine.tag(good, 'mid:1')
    const chain = await p.plan()
    console.log(decisions(chain))
    expect(p.wrong(chain)).toEqual([])
  })
  it('B6 the tag points elsewhere before the program looks', async () => {
    const p = reuseProject()
    base(p); p.write('f', '1')
    app(p, 'FROM base:1\nCOPY f /\n')
    await p.build({}, { after: () => base(p, 'app:1', 'another run') })
    const chain = await p.plan()
    console.log(decisions(chain))
    expect(p.wrong(chain)).toEqual([])
  })
  it('C1 a name that is not UTF-8', async () => {
    const p = reuseProject()
    base(p); p.write('d/f', '1')
    const odd = Buffer.concat([Buffer.from(p.path('d/caf')), Buffer.from([0xe9])])
    writeFileSync(odd, '1')
    app(p, 'FROM base:1\nCOPY d /\n')
    const chain = await p.plan()
    console.log(chain.plan.images[0]?.evidence?.files.rows)
    writeFileSync(odd, '2')
    expect((await p.plan()).plan.images[0]?.fingerprint).not.toBe(chain.plan.images[0]?.fingerprint)
  })
  it('C2 a Dockerfile that is not UTF-8', async () => {
    const p = reuseProject()
    base(p)
    p.manifest(dockerfileImage('app'))
    const text = (byte: number) => Buffer.concat([Buffer.from('FROM base:1\nLABEL a="'), Buffer.from([byte]), Buffer.from('"\n')])
    writeFileSync(p.path('Dockerfile.app'), text(0xe9))
    await p.build()
    writeFileSync(p.path('Dockerfile.app'), text(0xe8))
    await mustBuild(p)
  })
  it.each(['files', 'arguments', 'platform'])('C3 a Dockerfile named %s', async name => {
    const p = reuseProject()
    base(p); p.write('f', '1')
    p.write(name, 'FROM base:1\nARG X\nCOPY f /\nRUN echo\n')
    const manifest = (x: string) => p.manifest({ tag: 'app:1', file: name, builder_type: 'dockerfile', working_dir: '..', build_args: { X: x } })
    manifest('1')
    await built(p)
    p.write(name, 'FROM base:1\nARG X\nCOPY f /\nRUN echo 2\n')
    await mustBuild(p)
    p.write(name, 'FROM base:1\nARG X\nCOPY f /\nRUN echo\n')
    await p.build()
    manifest('2')
    await mustBuild(p)
  })
  it('D1 declared inputs that git ignores', async () => {
    const p = reuseProject(); p.git = true
    execFileSync('git', ['init', '-q', p.root])
    base(p); p.write('out/app.jar', '1'); p.write('.gitignore', 'out\n')
    app(p, 'FROM base:1\nCOPY out /\n', { inputs: ['out/**'] })
    await built(p)
    p.write('out/app.jar', '2')
    await mustBuild(p)
  })
  it('D2 declared inputs outside of the working dir', async () => {
    const p = reuseProject()
    base(p); p.write('shared/x', '1'); 
    p.write('sub/Dockerfile.app', 'FROM base:1\n')
    p.manifest(dockerfileImage('app', { working_dir: '../sub', inputs: ['../shared/*'] }))
    await built(p)
    p.write('shared/x', '2')
    await mustBuild(p)
  })
  it('D3 declared inputs: a link to a folder', async () => {
    const p = reuseProject()
    base(p); p.write('releases/1/x', '1'); symlinkSync('releases/1', p.path('current'))
    app(p, 'FROM base:1\n', { inputs: ['current'] })
    await built(p)
    p.write('releases/1/x', '2')
    await mustBuild(p)
  })
  it('D4 declared: ./x and dir/ and .', async () => {
    for (const pattern of ['./d/x', 'd/', 'd', '.', './', '**', 'd/*']) {
    const p = reuseProject()
    base(p); p.write('d/x', '1')
    app(p, 'FROM base:1\n', { inputs: [pattern] })
    await built(p)
    p.write('d/x', '2')
    const c = await p.plan(); console.log(pattern, decisions(c))
    }
  })
  it('E1 ignored folders below a re-included one', async () => {
    const p = reuseProject()
    base(p); p.write('src/x', '1'); p.write('node_modules/a/b', '1'); p.write('.dockerignore', '*\n!src\n')
    app(p, 'FROM base:1\nCOPY . /\n')
    await built(p)
    p.write('node_modules/new/b', '1')
    await mustReuse(p)
  })
  it('E2 a link beside a wildcard', async () => {
    const p = reuseProject()
    base(p); p.write('x.txt', '1'); p.write('other', '1'); symlinkSync('other', p.path('link'))
    app(p, 'FROM base:1\nCOPY *.txt /\n')
    await built(p)
    p.write('other', '2')
    await mustReuse(p)
  })
  it('F1 dropped tag is still reported', async () => {
    const p = reuseProject()
    base(p)
    app(p, 'FROM base:1\n', { tags: ['app:latest'] })
    await built(p)
    app(p, 'FROM base:1\n')
    const { results } = await p.build()
    console.log(results.map(r => [r.status, r.reason, r.tags]))
    expect(results[0]?.tags).toEqual(['app:1'])
  })
  it('F2 reuse off then on', async () => {
    const p = reuseProject()
    base(p); p.engine.caches = false
    app(p, 'FROM base:1\n')
    await p.build()
    await p.build({ reuse: false })
    await mustReuse(p)
  })
  it('F3 max-age and a changed file: fresh', async () => {
    const p = reuseProject()
    base(p); p.write('f', '1')
    app(p, 'FROM base:1\nRUN apt-get update\nCOPY f /\n')
    await p.build()
    p.write('f', '2')
    const chain = await p.plan({ maxAge: 10, now: Date.now() / 1000 + 100 })
    console.log(decisions(chain), chain.plan.images[0]?.fresh)
    expect(chain.plan.images[0]?.fresh).toBe(true)
  })
  it('F4 unwritable state', async () => {
    const p = reuseProject()
    base(p)
    app(p, 'FROM base:1\n')
    writeFileSync(p.state, '')
    const { results } = await p.build()
    expect(results.map(r => r.status)).toEqual(['built'])
  })
  it('F5 file vanishes during the second look', async () => {
    const p = reuseProject()
    base(p); p.write('d/f', '1')
    app(p, 'FROM base:1\nCOPY d /\n')
    let after = false
    p.trees = trees => ({ ...trees, hash: (path, stamp) => { if (after) rmSync(p.path('d/f'), { force: true }); return trees.hash(path, stamp) } })
    const { results } = await p.build({}, { after: () => { p.write('d/f', '3'); after = true } })
    console.log(results.map(r => [r.status, r.reason]))
    expect(results.map(r => r.status)).toEqual(['built'])
  })
  it('F6 daemon goes away after the build', async () => {
    const p = reuseProject()
    base(p); p.write('d/f', '1')
    app(p, 'FROM base:1\nCOPY d /\n')
    let n = 0
    const images = p.engine.images
    let gone = false
    ;(p.engine as any).images = async () => { if (gone) throw new Error('no daemon'); return images() }
    const { inspect } = p.engine
    ;(p.engine as any).inspect = async (r: string) => { const x = await inspect(r); gone = true; return x }
    const { results } = await p.build()
    console.log(results.map(r => [r.status, r.reason]))
    expect(results.map(r => r.status)).toEqual(['built'])
  })
  it('F7 files/ entry that is JSON and no rows', async () => {
    const p = reuseProject()
    base(p); p.write('d/f', '1')
    app(p, 'FROM base:1\nCOPY d /\n')
    await built(p)
    const dir = execFileSync('find', [p.state, '-path', '*files/*.json']).toString().trim()
    writeFileSync(dir, '[1,2]')
    p.write('d/f', '2')
    await mustBuild(p)
  })
  it('F8 swapped hashes in hashes.json', async () => {
    const p = reuseProject()
    base(p); p.write('d/f', '1'); p.write('d/g', '2')
    app(p, 'FROM base:1\nCOPY d /\n')
    await new Promise(r => setTimeout(r, 150))
    await built(p)
    p.write('d/f', '2'); p.write('d/g', '1')
    await new Promise(r => setTimeout(r, 150))
    await p.plan()
    const file = execFileSync('find', [p.state, '-name', 'hashes.json']).toString().trim()
    const data = JSON.parse(readFileSync(file, 'utf8'))
    const [[, a], [, b]] = data.rows
    ;[a[1], b[1]] = [b[1], a[1]]
    writeFileSync(file, JSON.stringify(data))
    await mustBuild(p)
  })
  it('G1 classic duplicates', async () => {})
})
const template = (more: object = {}) => JSON.stringify({ builders: [{ type: 'docker', image: 'base:1', commit: true, ...more }], 'post-processors': [{ type: 'docker-tag', repository: 'app', tag: '1' }] })
describe('packer', () => {
  const packer = (p: ReuseProject, text: string, more: object = {}) => {
    p.write('docker/packer/app-1.json', text)
    p.manifest({ name: 'app', version: '1', working_dir: '..', ...more })
  }
  it('P0 plain', async () => {
    const p = reuseProject(); base(p); packer(p, template()); await built(p)
    base(p, 'base:1', 'b'); await mustBuild(p)
  })
  it('P1 image that is not known', async () => {
    const p = reuseProject(); base(p)
    packer(p, JSON.stringify({ variables: {}, builders: [{ type: 'docker', image: '{{if true}}base:1{{end}}', commit: true }], 'post-processors': [{ type: 'docker-tag', repository: 'app', tag: '1' }] }))
    p.engine.make({ content: 'x', onbuild: [] }, ['{{if true}}base:1{{end}}'])
    await p.build()
    const c = await p.plan(); console.log(decisions(c), )
    expect(actions(c).app).toBe('build')
  })
  it('P2 build block with a Dockerfile of its own whose base moves', async () => {
    const p = reuseProject(); base(p)
    p.write('docker/packer/app.pkr.hcl', `source "docker" "x" {\n commit = true\n build {\n path = "Dockerfile"\n }\n}\nbuild {\n sources = ["source.docker.x"]\n post-processor "docker-tag" {\n repository = "app"\n tags = ["1"]\n }\n}\n`)
    p.write('Dockerfile', 'FROM base:1\n')
    p.manifest({ name: 'app', version: '1', working_dir: '..', file: 'app.pkr.hcl' })
    const c = await p.plan(); console.log(decisions(c), c.plan.images[0]?.evidence?.bases, c.plan.images[0]?.fingerprint)
    base(p, 'base:1', 'b')
    const d = await p.plan()
    expect(d.plan.images[0]?.fingerprint === null || d.plan.images[0]?.fingerprint !== c.plan.images[0]?.fingerprint).toBe(true)
  })
  it('P3 mount of a link that leads outside', async () => {
    const p = reuseProject(); base(p)
    mkdirSync(join(p.root, '../shared')); writeFileSync(join(p.root, '../shared/x'), '1')
    symlinkSync('../shared', p.path('shared'))
    packer(p, template({ volumes: { '{{pwd}}/shared': '/x' } }))
    const c = await p.plan(); console.log(decisions(c))
    writeFileSync(join(p.root, '../shared/x'), '2')
    const d = await p.plan()
    expect(d.plan.images[0]?.fingerprint === null || d.plan.images[0]?.fingerprint !== c.plan.images[0]?.fingerprint || /mount/.test(d.plan.images[0]?.reason ?? '')).toBe(true)
  })
  it('P4 mount of pwd: submodule', async () => {
    const p = reuseProject(); base(p); p.git = true
    packer(p, template({ volumes: { '{{pwd}}': '/x' } }))
    execFileSync('git', ['init', '-q', p.root]); execFileSync('git', ['init', '-q', p.path('roles')])
    p.write('roles/x', '1')
    const g = (...a: string[]) => execFileSync('git', ['-C', p.path('roles'), '-c', 'user.name=x', '-c', 'user.email=x@x', ...a])
    g('add', '.'); g('commit', '-qm', 'x')
    execFileSync('git', ['-C', p.root, 'add', '.'], { stdio: 'ignore' })
    await built(p)
    p.write('roles/x', '2')
    await mustBuild(p)
  })
  it('P5 mount of an ignored folder', async () => {
    const p = reuseProject(); base(p); p.git = true
    packer(p, template({ volumes: { '{{pwd}}/local': '/x' } }))
    execFileSync('git', ['init', '-q', p.root]); p.write('.gitignore', 'local\n')
    p.write('local/x', '1')
    await built(p)
    p.write('local/x', '2')
    await mustBuild(p)
  })
  it('P6 packer_version', async () => {
    const p = reuseProject(); base(p)
    packer(p, JSON.stringify({ builders: [{ type: 'docker', image: 'base:1', commit: true }], provisioners: [{ type: 'shell', inline: ['echo {{packer_version}}'] }], 'post-processors': [{ type: 'docker-tag', repository: 'app', tag: '1' }] }))
    await p.build()
    const c = await p.plan(); console.log(decisions(c))
    expect(actions(c).app).toBe('build')
  })
  it('P7 working dir moves with {{pwd}} in content', async () => {
    const p = reuseProject(); base(p)
    const t = JSON.stringify({ builders: [{ type: 'docker', image: 'base:1', commit: true }], provisioners: [{ type: 'shell', inline: ['echo {{pwd}}'] }], 'post-processors': [{ type: 'docker-tag', repository: 'app', tag: '1' }] })
    p.write('docker/packer/app-1.json', t)
    p.manifest({ name: 'app', version: '1', working_dir: '..' })
    await built(p)
    p.manifest({ name: 'app', version: '1', working_dir: '.' })
    await mustBuild(p)
  })
  it('P8 uploads, folders with links to folders', async () => {
    const p = reuseProject(); base(p)
    p.write('up/x', '1')
    packer(p, JSON.stringify({ builders: [{ type: 'docker', image: 'base:1', commit: true }], provisioners: [{ type: 'file', source: 'up', destination: '/x' }], 'post-processors': [{ type: 'docker-tag', repository: 'app', tag: '1' }] }))
    await built(p)
    p.write('up/x', '2')
    await mustBuild(p)
  })
})
