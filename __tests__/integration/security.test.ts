import { existsSync, mkdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { runAction, runCli } from '../fixtures/program.js'
import { manifest, temporaryProject, writeTree } from '../fixtures/project.js'
import { type StandIns, standIns } from '../fixtures/stand-ins.js'

interface Foreign {
  readonly root: string
  readonly tools: StandIns
  readonly run: (...args: readonly string[]) => ReturnType<typeof runCli>
}

/** A project of one Dockerfile, with a manifest of these images, and something outside of it. */
function foreign(...images: readonly object[]): Foreign {
  const root = temporaryProject()
  writeTree(root, {
    'docker/IMAGES.json': manifest(...images),
    Dockerfile: 'FROM scratch\n',
    '../outside/Dockerfile': 'FROM scratch\n'
  })
  const tools = standIns()
  const env = { ...tools.env, HOME: join(root, '..') }
  return { root, tools, run: (...args) => runCli(args, { cwd: root, env }) }
}

const app = (more: object = {}) => ({ tag: 'acme/app:1', dockerfile: 'Dockerfile', ...more })

const buildCalls = ({ tools }: Foreign) =>
  tools.calls().filter(({ tool, args }) => args[0] === 'build' && tool !== undefined)

const OUT = 'which leads out of the project'

describe('a foreign manifest can', () => {
  test('C1 have its Dockerfile built', async () => {
    const project = foreign(app())
    expect((await project.run('build')).status).toBe(0)
    expect(project.tools.builds()).toEqual(['docker acme/app:1'])
  })

  test('C2 have its template built by Packer', async () => {
    const project = foreign({ file: 'a.json', tag: 'acme/a:1' })
    const builders = [{ type: 'docker', image: 'scratch', commit: true }]
    const provisioners = [{ type: 'shell-local', command: 'true' }]
    const post = [{ type: 'docker-tag', repository: 'acme/a', tag: '1' }]
    const template = { builders, provisioners, 'post-processors': [post] }
    writeTree(project.root, { 'docker/packer/a.json': JSON.stringify(template) })
    await project.run('build')
    expect(buildCalls(project).map(({ tool }) => tool)).toContain('packer')
  })

  test('C3 set options of the builder, as they are written', async () => {
    const project = foreign(app({ extra_args: ['--network', 'host', '--no-cache'] }))
    await project.run('build')
    expect(buildCalls(project)[0]?.args).toEqual(
      expect.arrayContaining(['--network', 'host', '--no-cache'])
    )
  })

  test('C4 take variables of the step into an image', async () => {
    const project = foreign(app({ build_args: { A: '{env[HOME]}' } }))
    await project.run('build')
    expect(buildCalls(project)[0]?.args).toContain(`A=${join(project.root, '..')}`)
  })

  test('C5 have a test run in a container', async () => {
    const project = foreign(app({ test: 'touch pwned' }))
    await project.run('build')
    const runs = project.tools.calls().filter(({ args }) => args[0] === 'run')
    expect(runs[0]?.args.at(-1)).toBe('touch pwned')
    expect(existsSync(join(project.root, 'pwned'))).toBe(false)
  })

  test('C6 fail, or take until its time is over', async () => {
    const project = foreign(app({ timeout: 0.001 }))
    writeTree(project.root, { Dockerfile: 'FROM scratch\n# sleep 60\n' })
    const { status, stderr } = await project.run('build', '--retries', '0')
    expect(status).toBe(1)
    expect(stderr).toContain('acme/app:1 failed')
  })
})

/** What every shell would run if one read it. */
const SHELL = `$(touch pwned) \`touch pwned\`; touch pwned | sh & "x" 'y' \\ %00\ntouch pwned`

describe('a foreign manifest cannot', () => {
  test.each(['plan', 'list', 'generate'])('N1 have anything run by %s', async command => {
    const project = foreign(app({ test: 'touch pwned' }), { file: 'a.json', tag: 'acme/a:1' })
    const template = '{"builders": [{"type": "docker", "image": "x"}]}'
    writeTree(project.root, { 'docker/packer.json': template, 'docker/packer/a.json': template })
    await project.run(command)
    expect(buildCalls(project)).toEqual([])
    const words = project.tools.calls().map(({ args }) => args[0])
    expect(words.filter(word => word === 'run' || word === 'build')).toEqual([])
    expect(existsSync(join(project.root, 'pwned'))).toBe(false)
  })

  test('N2 have a shell read what it says', async () => {
    const project = foreign(
      app({ build_args: { A: SHELL }, extra_args: ['--label', `x=${SHELL}`] })
    )
    expect((await project.run('build')).status).toBe(0)
    const [call] = buildCalls(project)
    expect(call?.args).toContain(`A=${SHELL}`)
    expect(call?.args).toContain(`x=${SHELL}`)
    expect(existsSync(join(project.root, 'pwned'))).toBe(false)
  })

  test.each([
    ['a tag', app({ tag: '--output=/x' })],
    ['a further tag', app({ tags: ['-v'] })],
    ['a file', app({ dockerfile: '--output=/x' })],
    ['the name of a build argument', app({ build_args: { '--output': '/x' } })],
    ['a variable', app({ extra_args: '{x}', x: '--no-cache' })],
    ['a name of the matrix', app({ extra_args: '{x}', matrix: { x: ['--no-cache'] } })]
  ])('N3 make an option of %s', async (_, image) => {
    const project = foreign(image)
    const { status } = await project.run('build')
    expect(status).toBe(2)
    expect(buildCalls(project)).toEqual([])
  })

  test.each([
    ['working_dir: ..', app({ working_dir: '../../outside' })],
    ['working_dir: /', app({ working_dir: '/' })],
    ['working_dir: ../..', app({ working_dir: '../..' })],
    ['working_dir by a link', app({ working_dir: '../link' })],
    ['a Dockerfile above', app({ dockerfile: '../outside/Dockerfile' })],
    ['an absolute Dockerfile', app({ dockerfile: '/etc/passwd' })],
    ['a Dockerfile by a link', app({ dockerfile: 'link/Dockerfile' })],
    ['a Dockerfile that is a link', app({ dockerfile: 'linked' })],
    ['a template above', { file: '../../../outside/a.json', tag: 'acme/a:1' }],
    ['inputs: /etc/**', app({ inputs: ['/etc/**'] })],
    ['inputs above', app({ inputs: ['src/../../outside/*'] })],
    ['inputs above after a wildcard', app({ inputs: ['*/../../outside/*'] })],
    ['inputs with backslashes', app({ inputs: ['..\\/outside/*'] })],
    ['inputs by a link', app({ inputs: ['link/**'] })]
  ])('N4 name what lies outside: %s', async (_, image) => {
    const project = foreign(image)
    symlinkSync('../outside', join(project.root, 'link'))
    symlinkSync('/etc/passwd', join(project.root, 'linked'))
    const { status, stderr } = await project.run('plan')
    expect(status).toBe(2)
    expect(stderr).toContain(OUT)
    expect(stderr).toMatch(/docker\/IMAGES\.json:\d+:\d+: found/)
    expect(stderr).not.toContain('root:')
  })

  test.each([
    ['--build-context x=/etc'],
    ['--build-context=x=../outside'],
    ['--secret id=x,src=/etc/passwd'],
    ['--secret "id=x,source=../outside/Dockerfile"'],
    ['--iidfile /tmp/x'],
    ['--metadata-file=../x'],
    ['--output type=local,dest=/tmp/x'],
    ['-o /tmp/x'],
    ['-o/tmp/x'],
    ['--cache-to type=local,dest=../x'],
    ['--ssh default=/root/.ssh/id_rsa'],
    ['-f ../outside/Dockerfile'],
    ['-qo/tmp/x'],
    ['-Do/tmp/x'],
    ['--build-context acme/x=git:/../../outside'],
    ['--secret id=a/b,src=git:/../../outside/Dockerfile'],
    ['--secret id=x,src=li=nk/Dockerfile'],
    ['--secret \'id=x,"src=li,nk/Dockerfile"\''],
    ['--secret id=x,src=deep/../outside/Dockerfile'],
    ['--iidfile https:/../../outside/new'],
    ['--build-context c=within/../away'],
    ['--metadata-file within/../away/m.json'],
    ['-o type=oci,dest=dangling'],
    ['--print --label --secret=id=x,src=/etc/passwd'],
    ['--unheard-of --label --secret=id=x,src=/etc/passwd'],
    ['--policy filename=/etc/passwd']
  ])('N5 name paths outside by arguments: %s', async extra_args => {
    const project = foreign(app({ extra_args }))
    const trees = ['git:/x', 'https:/x', 'outside/Dockerfile', '../outside/deep/x']
    writeTree(project.root, Object.fromEntries(trees.map(path => [path, ''])))
    for (const link of ['li=nk', 'li,nk']) symlinkSync('../outside', join(project.root, link))
    symlinkSync('../outside/deep', join(project.root, 'deep'))
    // As the system walks it, what is above `within` is `a`; as text, it is the project.
    writeTree(project.root, { 'a/b/x': '', 'a/away/x': '' })
    for (const link of ['within', 'c=within']) symlinkSync('a/b', join(project.root, link))
    symlinkSync('../outside', join(project.root, 'away'))
    symlinkSync('../outside/new', join(project.root, 'dangling'))
    const { status, stderr } = await project.run('plan')
    expect(status).toBe(2)
    expect(stderr).toContain(OUT)
  })

  test('N5 name a file of variables outside by arguments of Packer', async () => {
    const project = foreign({
      file: 'a.json',
      tag: 'acme/a:1',
      extra_args: '-var-file=/etc/passwd'
    })
    const { status, stderr } = await project.run('plan')
    expect(status).toBe(2)
    expect(stderr).toContain(OUT)
  })

  test('N4 have a pattern of inputs follow a link out of a project that is no checkout', async () => {
    const project = foreign(app({ inputs: ['li*'] }))
    writeTree(project.root, { '../outside/new': 'before' })
    symlinkSync('../outside', join(project.root, 'link'))
    expect((await project.run('build')).status).toBe(0)
    writeTree(project.root, { '../outside/new': 'after' })
    expect((await project.run('plan')).stdout).toContain('reuse acme/app:1')
  })

  test.each(['d@/link/secret', 'd@/link/*', 'e+/link/secret', 'f]/link/**', 'g!/link/{a,b}'])(
    'N4 lead inputs out by a link in a folder whose name only looks like a pattern: %s',
    async input => {
      const project = foreign(app({ inputs: [input] }))
      for (const folder of ['d@', 'e+', 'f]', 'g!']) {
        mkdirSync(join(project.root, folder))
        symlinkSync('../../outside', join(project.root, folder, 'link'))
      }
      const { status, stderr } = await project.run('plan')
      expect(status).toBe(2)
      expect(stderr).toContain(`found \`${input}\`, ${OUT}`)
      expect(stderr).toMatch(/docker\/IMAGES\.json:\d+:\d+: found/)
    }
  )

  test('N4 have generate read what a link in the place of its template leads to', async () => {
    const project = foreign({ file: 'a.json', tag: 'acme/a:1' })
    writeTree(project.root, { '../outside/packer.json': '{"secret": "canary"}' })
    symlinkSync('../../outside/packer.json', join(project.root, 'docker/packer.json'))
    const { status, stdout, stderr } = await project.run('generate', '--check')
    expect(status).toBe(1)
    expect(stderr).toContain('packer.json: leads out of the project')
    expect(stdout + stderr).not.toContain('canary')
  })

  test('N4 have a template read whose folder has a link out of the project', async () => {
    const project = foreign({ file: 'made', tag: 'acme/a:1' })
    writeTree(project.root, {
      'docker/packer/made/a.pkr.hcl': 'source "docker" "a" {\n  image = "scratch"\n}\n',
      '../outside/x.auto.pkrvars.hcl': 'token = "canary"\n'
    })
    symlinkSync(
      '../../../../outside/x.auto.pkrvars.hcl',
      join(project.root, 'docker/packer/made/x.auto.pkrvars.hcl')
    )
    const { status, stdout, stderr } = await project.run('plan')
    expect(status).not.toBe(0)
    expect(stderr).toContain('x.auto.pkrvars.hcl: leads out of the project')
    expect(stdout + stderr).not.toContain('canary')
  })

  test('N1 have git run a program that a repository within the checkout names', async () => {
    const project = foreign({ file: 'a.json', tag: 'acme/a:1', working_dir: '../evil' })
    const volumes = { '.': '/src' }
    const pwned = join(project.root, 'pwned')
    writeTree(project.root, {
      'docker/packer/a.json': JSON.stringify({
        builders: [{ type: 'docker', image: 'debian:12', commit: true, volumes }]
      }),
      'evil/HEAD': 'ref: refs/heads/main\n',
      'evil/objects/x': '',
      'evil/refs/x': '',
      'evil/config': `[core]\nrepositoryformatversion = 0\nbare = false\nworktree = ..\nfsmonitor = "touch ${pwned}; echo x; false"\n`
    })
    expect((await project.run('plan')).status).toBe(0)
    expect(existsSync(pwned)).toBe(false)
  })

  test.each(['--all-tags', 'acme/x\nevil/y:1\n$(touch pwned)'])(
    'N3 have a template give %j as a tag',
    async repository => {
      const project = foreign({ file: 'a.json' })
      writeTree(project.root, {
        'docker/packer/a.json': JSON.stringify({
          builders: [{ type: 'docker', image: 'debian:12', commit: true }],
          'post-processors': [{ type: 'docker-tag', repository }]
        })
      })
      const { status, stdout } = await project.run('plan', '--format', 'json')
      expect(status).toBe(0)
      expect((JSON.parse(stdout) as { images: { tags: string[] }[] }).images[0]?.tags).toEqual([])
    }
  )

  test('N10 speak to the runner by a line of its own', async () => {
    const evil = 'p\n::set-output name=x::y\n.json'
    const project = foreign({ file: evil, tag: 'acme/a:1' }, app({ build_args: { A: evil } }))
    writeTree(project.root, { 'docker/packer.json': '{"builders": []}' })
    const runs = [
      await project.run('plan'),
      await runAction({
        workspace: project.root,
        inputs: { command: 'generate' },
        env: project.tools.env
      })
    ]
    for (const { stdout, stderr } of runs) {
      expect(stdout + stderr).toContain('set-output')
      expect(stdout + stderr).not.toMatch(/^::set-output/m)
    }
  })

  test('N6 be a link out of the project', async () => {
    const root = temporaryProject()
    mkdirSync(join(root, 'docker'))
    symlinkSync('/etc/passwd', join(root, 'docker/IMAGES.json'))
    const { status, stderr } = await runCli(['plan'], { cwd: root, env: standIns().env })
    expect(status).toBe(2)
    expect(stderr).toContain('docker/IMAGES.json leads out of the project')
    expect(stderr).not.toContain('root:')
  })

  test.each([['../../../outside/b.json'], ['link/b.json']])(
    'N7 have generate write outside: %s',
    async file => {
      const project = foreign({ file, tag: 'acme/a:1' })
      writeTree(project.root, {
        'docker/packer.json': '{"builders": [{"type": "docker", "image": "x"}]}',
        'docker/packer/x': ''
      })
      symlinkSync('../../../outside', join(project.root, 'docker/packer/link'))
      expect((await project.run('generate')).status).toBe(2)
      expect(existsSync(join(project.root, '../outside/b.json'))).toBe(false)
    }
  )

  test.each([
    'INPUT_TOKEN',
    'ACTIONS_RUNTIME_TOKEN',
    'GITHUB_TOKEN',
    'GITHUB_OUTPUT',
    'GITHUB_ENV',
    'CI_JOB_TOKEN',
    'CI_REGISTRY_PASSWORD'
  ])('N8 read %s, nor can what it builds', async name => {
    const root = temporaryProject()
    const env = { ...standIns().env, [name]: join(root, 'canary') }
    const write = (image: object) =>
      writeTree(root, { 'docker/IMAGES.json': manifest(image), Dockerfile: 'FROM scratch\n' })
    write(app({ build_args: { A: `{env[${name}]}` } }))
    expect((await runCli(['plan'], { cwd: root, env })).status).toBe(2)
    const project = standIns()
    write(app())
    await runCli(['build'], { cwd: root, env: { ...project.env, [name]: 'canary' } })
    const builds = project.calls().filter(({ args }) => args[0] === 'build')
    expect(builds).toHaveLength(1)
    expect(builds[0]?.env[name]).toBeUndefined()
  })

  test.each(['__proto__', 'constructor', 'prototype', 'toString', 'hasOwnProperty'])(
    'N9 mean anything by a field, a variable or an argument that is named %s',
    async name => {
      const root = temporaryProject()
      writeTree(root, { Dockerfile: 'FROM scratch\n' })
      const written = (fields: string) =>
        writeFileSync(
          join(root, 'docker/IMAGES.json'),
          `{"images": [{"tag": "acme/app:1", "dockerfile": "Dockerfile", ${fields}}]}`
        )
      mkdirSync(join(root, 'docker'))
      const plan = () => runCli(['plan', '--format', 'json'], { cwd: root, env: standIns().env })
      written(`"${name}": {"tags": ["acme/evil:1"]}`)
      expect((await plan()).stdout).not.toContain('evil')
      for (const fields of [
        `"build_args": {"A": "{${name}}"}`,
        `"build_args": {"A": "{env[${name}]}"}`,
        `"build_args": {"A": "{img_parts[${name}]}"}`
      ]) {
        written(fields)
        const { status, stderr } = await plan()
        expect(status).toBe(2)
        expect(stderr).not.toMatch(/TypeError|native code|\n {4}at /)
      }
    }
  )

  test('N10 speak to the runner by what it names', async () => {
    const root = temporaryProject()
    const evil = '::error::pwned'
    writeTree(root, {
      'docker/IMAGES.json': manifest(app({ dockerfile: evil, [evil]: 'x' })),
      Dockerfile: 'FROM scratch\n'
    })
    const step = await runAction({ workspace: root, env: standIns().env })
    expect(step.status).not.toBe(0)
    const lines = step.stdout.split('\n')
    expect(lines.filter(line => line.startsWith(evil))).toEqual([])
    expect(step.summary).not.toMatch(/<script|^::/m)
  })

  test.each(['plan', 'list'])('N10 speak to the runner by what %s prints of it', async command => {
    const root = temporaryProject()
    const file = 'm\n::error title=pwned::x ##[error]y'
    writeTree(root, { 'docker/IMAGES.json': manifest({ tag: 'acme/b:1', file }) })
    for (const words of [[command], [command, '--format', 'json'], [command, '--format', 'text']]) {
      const { stdout, stderr } = await runCli(words, { cwd: root, env: standIns().env })
      const shown = words.includes('json') ? stderr : stdout + stderr
      expect(shown).not.toMatch(/^::|##\[/m)
    }
  })

  test.each([
    ['deeply nested JSON', 'IMAGES.json', `{"images": ${'['.repeat(100_000)}`],
    [
      'deeply nested fields',
      'IMAGES.json',
      `{"images": [${'{"a":'.repeat(50_000)}1${'}'.repeat(50_000)}]}`
    ],
    ['deeply nested YAML', 'IMAGES.yaml', `images: ${'['.repeat(50_000)}`],
    [
      'many aliases',
      'IMAGES.yaml',
      `a: &a [x]\n${[...'bcdefghijklmnop'].map((name, at) => `${name}: &${name} [${Array(10).fill(`*${'abcdefghijklmno'[at]}`).join()}]\n`).join('')}images: *p\n`
    ],
    [
      'a text that names one many times',
      'IMAGES.json',
      JSON.stringify({
        images: [
          {
            tag: 'a:1',
            dockerfile: 'D',
            x: 'y'.repeat(100_000),
            extra_args: ['{x}'.repeat(100_000)]
          }
        ]
      })
    ],
    [
      'a matrix of many names',
      'IMAGES.json',
      JSON.stringify({
        images: [
          {
            tag: 'a:1',
            dockerfile: 'D',
            extra_args: [...Array(20_000).keys()].map(n => `{a${n}}`).join(''),
            matrix: Object.fromEntries([...Array(20_000).keys()].map(n => [`a${n}`, ['x']]))
          }
        ]
      })
    ]
  ])('N11 end the program with a stack trace: %s', async (_, name, text) => {
    const root = temporaryProject()
    writeTree(root, { [`docker/${name}`]: text, Dockerfile: 'FROM scratch\n' })
    const { status, stderr } = await runCli(['plan'], { cwd: root, env: standIns().env })
    expect([0, 2]).toContain(status)
    expect(stderr).not.toMatch(/\n {4}at |RangeError|TypeError/)
  })
})

test.each(['*a*a*a*a*a*a*b', '(a+)+b', '(a|a)+b'])(
  'N11 have a pattern matched for ever: %s',
  async pattern => {
    const project = foreign(app({ inputs: [pattern] }))
    writeTree(project.root, { ['a'.repeat(200)]: '' })
    const { status, stderr } = await project.run('plan')
    expect(status).toBe(2)
    expect(stderr).toContain(`inputs \`${pattern}\` takes too long to match`)
    expect(stderr).toMatch(/docker\/IMAGES\.json:\d+:\d+: /)
  }
)

test.each([
  ['a file of the kernel', { type: 'file', source: '/proc/kmsg', destination: '/x' }, '/proc/kmsg'],
  ['a link to one', { type: 'file', source: 'kmsg', destination: '/x' }, '/kmsg'],
  ['a large folder', { type: 'file', source: '/usr', destination: '/x' }, '/usr'],
  ['a folder of the kernel', { type: 'file', source: '/proc/1', destination: '/x' }, '/proc/1'],
  ['a link that Ansible follows', { type: 'ansible', playbook_file: 'play.yml' }, '/usr']
])('N11 have plan look into %s that a template names', async (_, provisioner, named) => {
  const project = foreign({ file: 'a.json', tag: 'acme/a:1' })
  const builders = [{ type: 'docker', image: 'scratch', commit: true }]
  const text = JSON.stringify({ builders, provisioners: [provisioner] })
  writeTree(project.root, { 'docker/packer/a.json': text, 'play.yml': '', 'roles/x': '' })
  symlinkSync('/proc/kmsg', join(project.root, 'kmsg'))
  symlinkSync('/usr', join(project.root, 'roles/all'))
  const { status, stdout } = await project.run('plan')
  expect(status).toBe(0)
  expect(stdout).toContain(`${named}, which lies outside of the project`)
})

test('N11 make a plan of many secrets take long', async () => {
  const timeOf = async (count: number) => {
    const names = Array.from({ length: count }, (_, at) => [
      `TOKEN_OF_${at}_TOKEN`,
      `value ${at} of ${count}`
    ])
    const project = foreign(app({ build_args: Object.fromEntries(names) }))
    const before = performance.now()
    expect((await project.run('plan')).status).toBe(0)
    return performance.now() - before
  }
  const few = await timeOf(8)
  expect(await timeOf(300)).toBeLessThan(8 * few)
})

test.each([
  ['a long name in inputs', { inputs: ['y'.repeat(300)] }],
  ['a long secret', { extra_args: `--secret id=x,src=${'y'.repeat(300)}` }],
  ['a long context', { extra_args: `--build-context x=${'y'.repeat(300)}` }],
  ['a path of many names', { inputs: ['x/'.repeat(10_000)] }],
  ['a pattern of many stars', { inputs: ['*'.repeat(70_000)] }]
])('N11 end the program with a stack trace by %s', async (_, more) => {
  const { status, stderr } = await foreign(app(more)).run('plan')
  expect([0, 2]).toContain(status)
  expect(stderr).not.toMatch(/\n {4}at |Error:/)
})

test('outside-paths lets a manifest reach further', async () => {
  const project = foreign(app({ working_dir: '../../outside' }))
  expect((await project.run('plan', '--outside-paths')).status).toBe(0)
})

test('every statement of docs/security.md has a test, and every test a statement', () => {
  const read = (path: string) => readFileSync(join(import.meta.dirname, '../..', path), 'utf8')
  const page = read('docs/security.md')
  const stated = [...page.matchAll(/^- \*\*([CN]\d+)\*\* /gm)].map(([, id]) => id)
  expect(page.match(/^- /gm)?.length).toBe(stated.length)
  const own = read('__tests__/integration/security.test.ts')
  const tested = [
    ...own.matchAll(/^\s+(?:test\S* *)?(?:\.each.*)?\(?'([CN]\d+) /gm),
    ...own.matchAll(/\('([CN]\d+) /g)
  ].map(([, id]) => id)
  expect([...new Set(tested)].sort()).toEqual([...new Set(stated)].sort())
})
