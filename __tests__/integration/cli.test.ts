import { existsSync, mkdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { runCli } from '../fixtures/program.js'
import { manifest, temporaryProject, writeTree } from '../fixtures/project.js'
import { type StandIns, standIns } from '../fixtures/stand-ins.js'

const TEMPLATE = JSON.stringify({
  builders: [{ type: 'docker', image: 'acme/base:1', commit: true }],
  'post-processors': [{ type: 'docker-tag', repository: 'acme/tools', tag: ['1', 'stable'] }]
})

/** A base by a Dockerfile, tools by Packer on it, an app by a Dockerfile on those. */
function chain(): { readonly root: string; readonly tools: StandIns } {
  const root = temporaryProject()
  writeTree(root, {
    'docker/IMAGES.json': manifest(
      { tag: 'acme/base:1', dockerfile: 'base.Dockerfile' },
      { file: 'tools.json' },
      { tag: 'acme/app:1', dockerfile: 'app.Dockerfile' }
    ),
    'base.Dockerfile': 'FROM scratch\n# say hello from the base\n',
    'docker/packer/tools.json': TEMPLATE,
    'app.Dockerfile': 'FROM acme/tools:1\n'
  })
  return { root, tools: standIns() }
}

const run = (root: string, tools: StandIns, ...args: string[]) =>
  runCli(args, { cwd: root, env: tools.env })

describe('build', () => {
  it('builds a chain in order and prints its tags on standard output', async () => {
    const { root, tools } = chain()
    const { status, stdout, stderr } = await run(root, tools, 'build')
    expect(stdout).toBe('acme/base:1\nacme/tools:1\nacme/tools:stable\nacme/app:1\n')
    expect(stderr).toContain('hello from the base')
    expect(status).toBe(0)
    expect(tools.builds()).toEqual(['docker acme/base:1', 'packer tools.json', 'docker acme/app:1'])
  })

  it('stands a Packer image on a base of the chain without a pull, and labels its container', async () => {
    const { root, tools } = chain()
    await run(root, tools, 'build')
    const words = tools.calls().map(({ args }) => args.join(' '))
    expect(words.filter(call => call.startsWith('pull'))).toEqual([])
    expect(words.find(call => call.startsWith('run'))).toMatch(
      /^run --label io\.github\.corpusops\.build-chain\.run=[0-9a-f]+ -d acme\/base:1$/
    )
  })

  it('builds nothing the second time, and says that nothing changed', async () => {
    const { root, tools } = chain()
    await run(root, tools, 'build')
    const { stdout, stderr } = await run(root, tools, 'build')
    expect(tools.builds()).toHaveLength(3)
    expect(stdout).toContain('acme/tools:stable')
    expect(stderr).toContain('acme/app:1 reused: unchanged')
  })

  it('stops at the first failure, tells it whole, and still prints what was built before', async () => {
    const { root, tools } = chain()
    const broken = { ...JSON.parse(TEMPLATE), fail: 'no disk' }
    writeTree(root, { 'docker/packer/tools.json': JSON.stringify(broken) })
    const report = join(root, 'report.json')
    const { status, stdout, stderr } = await run(root, tools, 'build', '--report', report)
    expect(status).toBe(1)
    expect(stdout).toBe('acme/base:1\n')
    expect(stderr).toContain('acme/tools:1 failed: packer ended with exit status 1')
    expect(stderr).toContain(`command: packer build ${join(root, 'docker/packer/tools.json')}`)
    expect(stderr).toContain("Build 'docker' errored: no disk")
    expect(tools.builds()).not.toContain('docker acme/app:1')
    const { images } = JSON.parse(readFileSync(report, 'utf8')) as {
      images: { status: string; logFile: string | null }[]
    }
    expect(images.map(({ status: each }) => each)).toEqual(['built', 'failed', 'blocked'])
    expect(existsSync(images[1]?.logFile ?? '')).toBe(true)
  })

  it('fails an image whose builder ends well but leaves no image on the daemon', async () => {
    const { root, tools } = chain()
    writeTree(root, { 'base.Dockerfile': 'FROM scratch\n# elsewhere\n' })
    const { status, stderr } = await run(root, tools, 'build')
    expect(status).toBe(1)
    expect(stderr).toContain('acme/base:1 is not on the daemon')
  })

  it('fails an image whose builder leaves none, and takes no older one of its tag for it', async () => {
    const { root, tools } = chain()
    await run(root, tools, 'build')
    writeTree(root, { 'app.Dockerfile': 'FROM acme/tools:1\n# elsewhere\n' })
    const { status, stdout, stderr } = await run(root, tools, 'build')
    expect(status).toBe(1)
    expect(stdout).not.toContain('acme/app:1')
    expect(stderr).toContain('made no image here: acme/app:1 on the daemon is from before')
    const again = await run(root, tools, 'plan')
    expect(again.stdout).toContain('build acme/app:1')
  })

  it('looks for what a builder left that ended badly, and for nothing where all ended well', async () => {
    const { root, tools } = chain()
    const asked = () => tools.calls().filter(({ args }) => args[0] === 'ps').length
    await run(root, tools, 'build')
    expect(asked()).toBe(0)
    writeTree(root, { 'docker/packer/tools.json': TEMPLATE.replace('{', '{"fail":"killed",') })
    expect((await run(root, tools, 'build')).status).toBe(1)
    const [one] = tools.calls().filter(({ args }) => args[0] === 'ps')
    expect(one?.args.at(-1)).toMatch(/^label=io\.github\.corpusops\.build-chain\.run=[0-9a-f]+$/)
  })

  it('gives builders no input, token or runner file', async () => {
    const { root, tools } = chain()
    const secret = {
      INPUT_X: 'a',
      ACTIONS_RUNTIME_TOKEN: 'b',
      GITHUB_TOKEN: 'c',
      GITHUB_OUTPUT: 'd'
    }
    await runCli(['build'], { cwd: root, env: { ...tools.env, ...secret, KEPT: 'e' } })
    for (const { env, args } of tools.calls().filter(({ args: [verb] }) => verb === 'build')) {
      expect(
        Object.keys(env).filter(name => name in secret),
        args.join(' ')
      ).toEqual([])
      expect(env.KEPT).toBe('e')
    }
  })

  it('takes a chosen image with the bases that it needs', async () => {
    const { root, tools } = chain()
    await run(root, tools, 'build', '--images', 'acme/tools:1')
    expect(tools.builds()).toEqual(['docker acme/base:1', 'packer tools.json'])
  })

  it('leaves out what is skipped, and takes a skipped base as the daemon has it', async () => {
    const { root, tools } = chain()
    tools.have('acme/tools:1')
    const { status } = await run(
      root,
      tools,
      'build',
      '--skip-images',
      'packer__tools.json acme/base:1'.split(' ').join(',')
    )
    expect(tools.builds()).toEqual(['docker acme/app:1'])
    expect(status).toBe(0)
  })

  it('ends with 3 where no daemon answers', async () => {
    const { root, tools } = chain()
    const { status, stderr } = await runCli(['build'], {
      cwd: root,
      env: { ...tools.env, STAND_IN_NO_DAEMON: '1' }
    })
    expect(stderr).toContain('the Docker daemon does not answer')
    expect(stderr).not.toContain('may be left')
    expect(status).toBe(3)
  })

  it('ends with 2 and every problem of a manifest, with its place', async () => {
    const { root, tools } = chain()
    writeTree(root, {
      'docker/IMAGES.json': manifest({ tag: 'acme/A:1', dockerfile: 'x' }, { tagg: 'acme/b:1' })
    })
    const { status, stderr } = await run(root, tools, 'build')
    expect(status).toBe(2)
    expect(stderr).toMatch(/docker\/IMAGES\.json:4:\d+: .*lower case/)
    expect(stderr).toMatch(/docker\/IMAGES\.json:8:\d+: .*tagg.*tag/)
  })

  it('tells before anything is built where a Dockerfile is missing', async () => {
    const { root, tools } = chain()
    writeTree(root, { 'docker/IMAGES.json': manifest({ tag: 'acme/a:1', dockerfile: 'none' }) })
    const { status, stderr } = await run(root, tools, 'build')
    expect(stderr).toContain(`found no ${join(root, 'none')}`)
    expect(status).toBe(1)
    expect(tools.builds()).toEqual([])
  })

  it('builds by a path with spaces, quotes and letters of any language', async () => {
    const parent = temporaryProject()
    const root = join(parent, `it's "a" $HOME \`x\` ünï 图`)
    mkdirSync(root)
    writeTree(root, {
      'docker/IMAGES.json': manifest({ tag: 'acme/a:1', dockerfile: "my 'Docker' file" }),
      "my 'Docker' file": 'FROM scratch\n'
    })
    const tools = standIns()
    const { status, stdout } = await run(root, tools, 'build')
    expect(stdout).toBe('acme/a:1\n')
    expect(status).toBe(0)
    expect(tools.calls().find(({ args }) => args[0] === 'build')?.args).toContain(
      join(root, "my 'Docker' file")
    )
  })

  it('builds images that stand on nothing of the chain side by side', async () => {
    const root = temporaryProject()
    const names = ['a', 'b', 'c', 'd']
    writeTree(root, {
      'docker/IMAGES.json': manifest(
        ...names.map(name => ({ tag: `acme/${name}:1`, dockerfile: `${name}.Dockerfile` }))
      ),
      ...Object.fromEntries(names.map(name => [`${name}.Dockerfile`, 'FROM scratch\n# meet 4\n']))
    })
    const tools = standIns()
    const { status, stdout } = await run(root, tools, 'build', '--max-parallel', '4')
    expect(stdout.trim().split('\n')).toHaveLength(4)
    expect(status).toBe(0)
  })

  it('keeps building what does not stand on a failed image with --no-fail-fast', async () => {
    const { root, tools } = chain()
    writeTree(root, {
      'docker/IMAGES.json': manifest(
        { tag: 'acme/base:1', dockerfile: 'base.Dockerfile' },
        { tag: 'acme/app:1', dockerfile: 'on-base.Dockerfile' },
        { tag: 'acme/other:1', dockerfile: 'other.Dockerfile' }
      ),
      'base.Dockerfile': 'FROM scratch\n# exit 7\n',
      'on-base.Dockerfile': 'FROM acme/base:1\n',
      'other.Dockerfile': 'FROM scratch\n# sleep 0.3\n'
    })
    const { status, stdout, stderr } = await run(
      root,
      tools,
      'build',
      '--no-fail-fast',
      '--max-parallel',
      '1'
    )
    expect(status).toBe(1)
    expect(stdout).toBe('acme/other:1\n')
    expect(stderr).toContain('acme/app:1 blocked: stands on dockerfile__acme/base:1')
    expect(stderr).toContain('ended with exit status 7')
  })
})

describe('plan', () => {
  it('needs no daemon, no Packer and no file', async () => {
    const root = temporaryProject()
    writeTree(root, { 'docker/IMAGES.json': manifest({ tag: 'acme/a:1', dockerfile: 'none' }) })
    const tools = standIns()
    const { status, stdout } = await runCli(['plan', '--format', 'json'], {
      cwd: root,
      env: { ...tools.env, STAND_IN_NO_DAEMON: '1', PATH: '/nowhere' }
    })
    expect(status).toBe(0)
    expect(JSON.parse(stdout)).toMatchObject({
      manifests: ['docker/IMAGES.json'],
      images: [
        { id: 'dockerfile__acme/a:1', action: 'build', reason: 'none missing', fingerprint: null }
      ]
    })
  })

  it('is the same as --dry-run', async () => {
    const { root, tools } = chain()
    const planned = await run(root, tools, 'plan')
    expect((await run(root, tools, '--dry-run')).stdout).toBe(planned.stdout)
    expect(tools.builds()).toEqual([])
  })

  it('puts a chain in order that the manifest lists from its end, and says so', async () => {
    const { root, tools } = chain()
    writeTree(root, {
      'docker/IMAGES.json': manifest(
        { tag: 'acme/app:1', dockerfile: 'app.Dockerfile' },
        { file: 'tools.json' },
        { tag: 'acme/base:1', dockerfile: 'base.Dockerfile' }
      )
    })
    const { stdout, stderr } = await run(root, tools, 'plan', '--format', 'json')
    const { images } = JSON.parse(stdout) as { images: { id: string; stage: number }[] }
    expect(images.map(({ id, stage }) => [id, stage])).toEqual([
      ['dockerfile__acme/base:1', 0],
      ['packer__tools.json', 1],
      ['dockerfile__acme/app:1', 2]
    ])
    expect(stderr).toContain('is built first')
  })

  it('prints a cycle and ends with 2', async () => {
    const { root, tools } = chain()
    writeTree(root, { 'base.Dockerfile': 'FROM acme/app:1\n' })
    const { status, stderr } = await run(root, tools, 'plan')
    expect(stderr).toMatch(
      /stand on each other: .*acme\/base:1 → .*acme\/app:1 → .*tools\.json → .*acme\/base:1/
    )
    expect(status).toBe(2)
  })

  it('warns of a base that differs from an image of the chain by its tag alone', async () => {
    const { root, tools } = chain()
    writeTree(root, { 'app.Dockerfile': 'FROM acme/base:2\n' })
    const { stderr } = await run(root, tools, 'plan')
    expect(stderr).toMatch(/app\.Dockerfile:1:1: .*acme\/base:2.*acme\/base:1/)
  })
})

describe('schema', () => {
  it('prints a JSON Schema that knows every field', async () => {
    const { stdout, status } = await runCli(['schema'])
    expect(status).toBe(0)
    const text = JSON.stringify(JSON.parse(stdout))
    for (const field of [
      'builder_type',
      'dockerfile',
      'working_dir',
      'extra_args',
      'matrix',
      'test'
    ]) {
      expect(text).toContain(`"${field}"`)
    }
  })
})

describe('the command line', () => {
  it('ends with 2 for an unknown option, and names it', async () => {
    const { status, stderr } = await runCli(['plan', '--nope'])
    expect(stderr).toContain('--nope: found no such option')
    expect(status).toBe(2)
  })

  it('tells its version and its help', async () => {
    expect((await runCli(['--version'])).stdout).toMatch(/^build-chain \d+\.\d+\.\d+/)
    expect((await runCli(['--help'])).stdout).toContain('--max-parallel')
  })
})
