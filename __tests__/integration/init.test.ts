import { spawn, spawnSync } from 'node:child_process'
import { existsSync, mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { describe, expect, it } from 'vitest'
import { plainEnvironment, runCli } from '../fixtures/program.js'
import { temporaryProject, writeTree } from '../fixtures/project.js'
import { standIns } from '../fixtures/stand-ins.js'

const CLI = resolve(import.meta.dirname ?? '.', '../../dist/cli.js')

const filesOf = (folder: string) =>
  readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter(path => statSync(join(folder, path)).isFile())
    .sort()

const planned = async (cwd: string) => {
  const { stdout } = await runCli(['plan', '--format', 'json'], { cwd, env: standIns().env })
  const { images } = JSON.parse(stdout) as { images: { tags: string[]; dependsOn: string[] }[] }
  return images.map(({ tags, dependsOn }) => [tags[0], dependsOn.length] as const)
}

describe('init', () => {
  it('writes a chain that plan, generate and doctor take, its paths on standard output', async () => {
    const cwd = temporaryProject('shop')
    const { status, stdout, stderr } = await runCli(['init', '--yes'], { cwd })
    expect(status).toBe(0)
    expect(stdout.trim().split('\n').sort()).toEqual(filesOf(cwd))
    expect(stderr).toContain('build-chain build')
    expect(await planned(cwd)).toEqual([
      ['shop-base:1.0', 0],
      ['shop:1.0', 1],
      ['shop-app:1.0', 1]
    ])
    const check = await runCli(['generate', '--check'], { cwd })
    expect(check).toMatchObject({ status: 0, stdout: '' })
  })

  it('builds with what it wrote, by bin/build.sh', async () => {
    const cwd = temporaryProject('shop')
    await runCli(['init', '--yes', '--tag', 'acme/web:2', '--base', 'debian:12'], { cwd })
    const { env, builds, have } = standIns()
    have('debian:12')
    const programs = temporaryProject('bin')
    writeTree(programs, { 'build-chain': `#!/bin/sh\nexec node '${CLI}' "$@"\n` })

    const built = spawnSync(join(cwd, 'bin/build.sh'), ['--retries', '0'], {
      encoding: 'utf8',
      env: { ...plainEnvironment(), ...env, PATH: `${programs}:${env.PATH}` }
    })
    expect(built.stderr).toContain('acme/web-app:2 built')
    expect(built.stdout.trim().split('\n')).toEqual([
      'acme/web-base:2',
      'acme/web:2',
      'acme/web-app:2'
    ])
    expect(builds()).toEqual([
      'docker acme/web-base:2',
      'packer web-2.json',
      'docker acme/web-app:2'
    ])
  })

  it('opens a live container with what it wrote, by bin/run_livepacker_test.sh', async () => {
    const cwd = temporaryProject('shop')
    await runCli(['init', '--yes'], { cwd })
    const programs = temporaryProject('bin')
    writeTree(programs, { 'build-chain': '#!/bin/sh\npwd\nprintf "<%s>" "$@"\n' })
    const env = { ...plainEnvironment(), PATH: `${programs}:${process.env.PATH}` }
    const script = join(cwd, 'bin/run_livepacker_test.sh')
    const { stdout } = spawnSync(script, ['--detach', 'a b'], { encoding: 'utf8', env })
    expect(stdout).toBe(`${cwd}\n<live><--detach><a b>`)
  })

  it('writes to a new folder that it is given', async () => {
    const cwd = temporaryProject()
    const { stdout, stderr } = await runCli(['init', 'shop', '--tag', 'acme/a:1', '--yes'], { cwd })
    expect(stdout.split('\n')[0]).toBe('shop/.docker/IMAGES.json')
    expect(stderr).toContain('cd shop')
    expect(filesOf(cwd)).toEqual(stdout.trim().split('\n').sort())
  })

  it('names everything that is in the way, and writes nothing', async () => {
    const cwd = temporaryProject()
    mkdirSync(join(cwd, 'docker'))
    writeFileSync(join(cwd, 'docker/IMAGES.yaml'), '')
    writeFileSync(join(cwd, 'Dockerfile'), 'FROM scratch')
    writeFileSync(join(cwd, 'bin'), '')
    const { status, stdout, stderr } = await runCli(['init', '--yes'], { cwd })
    expect([status, stdout]).toEqual([2, ''])
    for (const line of ['docker/IMAGES.yaml is there', 'Dockerfile is there', 'bin is no folder']) {
      expect(stderr).toContain(`${line}\n`)
    }
    expect(filesOf(cwd)).toEqual(['Dockerfile', 'bin', 'docker/IMAGES.yaml'])
  })

  it('only names what it would write with --dry-run', async () => {
    const cwd = temporaryProject()
    const { stdout } = await runCli(['init', '--yes', '--dry-run'], { cwd })
    expect(stdout).toContain('.docker/packer.json\n')
    expect(filesOf(cwd)).toEqual([])
  })

  it('refuses answers that will not do, all at once', async () => {
    const cwd = temporaryProject()
    const args = ['init', '--yes', '--tag', 'A:b:c', '--base', '-x']
    const { status, stderr } = await runCli([...args, '--base=-x'], { cwd })
    expect(status).toBe(2)
    expect(stderr).toMatch(/tag: found "A:b:c"[^]*base: found "-x"/)
    expect(filesOf(cwd)).toEqual([])
  })
})

const TREE = {
  'base/Dockerfile': 'FROM debian:12\n',
  'app/Dockerfile': 'FROM acme/base:3\nCOPY main.js /\n',
  'app/main.js': '',
  'docker/Dockerfile.tools': 'FROM acme/base:3\nCOPY app/main.js /\n',
  'notes.dockerfile': 'nothing\n',
  'node_modules/x/Dockerfile': 'FROM debian\n'
}

describe('init --from', () => {
  it('writes a manifest whose plan has the order that FROM asks for', async () => {
    const cwd = temporaryProject('shop')
    writeTree(cwd, TREE)
    const { status, stdout, stderr } = await runCli(['init', '--from', '.', '--yes'], { cwd })
    expect(status).toBe(0)
    expect(stdout).toBe('docker/IMAGES.json\n')
    expect(stderr).toContain(`1. acme/base:3 by base/Dockerfile
2. acme/app:3 by app/Dockerfile, on acme/base:3
3. acme/tools:3 by docker/Dockerfile.tools, on acme/base:3
notes.dockerfile has no FROM: left out
`)
    expect(await planned(cwd)).toEqual([
      ['acme/base:3', 0],
      ['acme/app:3', 1],
      ['acme/tools:3', 1]
    ])
    const { images } = JSON.parse(readFileSync(join(cwd, 'docker/IMAGES.json'), 'utf8'))
    expect(images).toContainEqual({
      tag: 'acme/app:3',
      dockerfile: 'Dockerfile',
      working_dir: '../app'
    })
  })

  it('prints the manifest alone with --dry-run', async () => {
    const cwd = temporaryProject('shop')
    writeTree(cwd, TREE)
    const { stdout } = await runCli(['init', '--from', 'base', '--dry-run'], { cwd })
    expect(JSON.parse(stdout).images).toEqual([
      { tag: 'shop/shop:latest', dockerfile: 'Dockerfile', working_dir: '../base' }
    ])
    expect(existsSync(join(cwd, 'docker/IMAGES.json'))).toBe(false)
  })

  it('says so where there is no Dockerfile, and where there is a manifest', async () => {
    const cwd = temporaryProject()
    expect(await runCli(['init', '--from', '.'], { cwd })).toMatchObject({ status: 1 })
    writeTree(cwd, { ...TREE, '.docker/IMAGES.yml': '' })
    const { status, stderr } = await runCli(['init', '--from', '.'], { cwd })
    expect(status).toBe(2)
    expect(stderr).toContain('.docker/IMAGES.yml is there')
  })
})

/** Answers questions on a pseudo-terminal: each answer is typed once its question is there. */
function converse(
  cwd: string,
  args: readonly string[],
  answers: readonly (readonly [string, string])[]
) {
  return new Promise<{ status: number | null; screen: string }>((done, fail) => {
    const command = `stty rows 40 cols 120; exec node '${CLI}' ${args.join(' ')}`
    const child = spawn('script', ['-qec', command, '/dev/null'], {
      cwd,
      env: { ...plainEnvironment(), TERM: 'xterm' }
    })
    const waiting = [...answers]
    let screen = ''
    let from = 0
    child.stdout.on('data', chunk => {
      screen += chunk
      const [question, answer] = waiting[0] ?? []
      const at = question === undefined ? -1 : screen.indexOf(question, from)
      if (question === undefined || answer === undefined || at < 0) return
      from = at + question.length
      waiting.shift()
      child.stdin.write(answer)
    })
    child.on('error', fail)
    child.on('close', status => done({ status, screen }))
  })
}

describe('on a terminal init', () => {
  it('asks for what the options leave open', async () => {
    const cwd = temporaryProject('shop')
    const { status, screen } = await converse(
      cwd,
      ['init', '--base', 'ubuntu:24.04'],
      [
        ['is to make', 'acme/web:2\r'],
        ['systemd', 'n']
      ]
    )
    expect(status).toBe(0)
    expect(screen).not.toContain('stands on')
    expect(screen).toContain('.docker/packer/web-2.json')
    expect(readFileSync(join(cwd, '.docker/base/Dockerfile'), 'utf8')).toContain('ubuntu:24.04')
    expect(readFileSync(join(cwd, '.docker/packer.json'), 'utf8')).not.toContain('/sbin/init')
  })

  it('takes an empty answer for its proposal, and tells what is wrong with one', async () => {
    const cwd = temporaryProject('shop')
    const { status, screen } = await converse(
      cwd,
      ['init', '--systemd'],
      [
        ['is to make', '\r'],
        ['stands on', 'A b\r'],
        ['lower case', '\u0015debian:13\r']
      ]
    )
    expect(status).toBe(0)
    expect(screen).toContain('.docker/packer/shop-1.0.json')
    expect(readFileSync(join(cwd, '.docker/base/Dockerfile'), 'utf8')).toContain('FROM debian:13\n')
  })

  it('writes nothing when it is cancelled', async () => {
    const cwd = temporaryProject('shop')
    const { status } = await converse(cwd, ['init'], [['is to make', '\u0003']])
    expect(status).toBe(130)
    expect(filesOf(cwd)).toEqual([])
  })
})
