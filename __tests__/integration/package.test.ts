import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join, resolve } from 'node:path'
import { beforeAll, describe, expect, it } from 'vitest'
import { runProgram } from '../fixtures/program.js'
import { manifest, temporaryProject, writeTree } from '../fixtures/project.js'
import { standIns } from '../fixtures/stand-ins.js'

const ROOT = resolve(import.meta.dirname ?? '.', '../..')

/** No registry: nothing listens on the port for discarding. */
const OFFLINE = {
  npm_config_registry: 'http://127.0.0.1:9/',
  npm_config_offline: 'true',
  npm_config_update_notifier: 'false'
}

interface Packed {
  readonly filename: string
  readonly files: readonly { readonly path: string }[]
}

const npm = (args: readonly string[], cwd: string, cache: string) =>
  runProgram('npm', args, { cwd, env: { ...OFFLINE, npm_config_cache: cache } })

/** The modules that a module of dist loads, at once or later, each with its own. */
function loadedFrom(path: string, known = new Set<string>()): Set<string> {
  if (known.has(path)) return known
  known.add(path)
  const text = readFileSync(join(ROOT, path), 'utf8')
  for (const [, name = ''] of text.matchAll(/require\([`'"](\.[^`'"]+\.js)[`'"]\)/g)) {
    loadedFrom(join(dirname(path), name), known)
  }
  return known
}

describe('the package', () => {
  let packed: Packed
  let folder: string

  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), 'build-chain-package-'))
    const { stdout } = await npm(
      ['pack', '--json', '--pack-destination', folder],
      ROOT,
      join(folder, 'cache')
    )
    packed = (JSON.parse(stdout) as Packed[])[0] as Packed
    return () => rmSync(folder, { recursive: true })
  })

  it('holds what the command line loads, the man page, the schema, and no sources', () => {
    const paths = packed.files.map(({ path }) => path)
    const loaded = [...loadedFrom('dist/cli.js')]
    expect(loaded.length).toBeGreaterThan(20)
    expect(paths).toEqual(expect.arrayContaining(loaded))
    const others = paths.filter(path => !path.startsWith('dist/'))
    expect(others.sort()).toEqual([
      'LICENSE',
      'README.md',
      'images.schema.json',
      'man/build-chain.1',
      'package.json'
    ])
    expect(paths).not.toContain('dist/main.js')
  })

  it('is installed with no registry, and plans by its name and by npx', async () => {
    const cache = join(folder, 'cache')
    const home = join(folder, 'user')
    writeTree(home, { 'package.json': '{}' })
    const installed = await npm(
      ['install', '--no-audit', join(folder, packed.filename)],
      home,
      cache
    )
    expect(installed).toMatchObject({ status: 0 })
    const cwd = temporaryProject()
    writeTree(cwd, {
      'docker/IMAGES.json': manifest({ tag: 'acme/a:1', dockerfile: 'Dockerfile' }),
      Dockerfile: 'FROM scratch\n'
    })
    const { env } = standIns()
    const program = join(home, 'node_modules/.bin/build-chain')
    const plan = await runProgram(program, ['plan'], { cwd, env })
    expect(plan).toMatchObject({ status: 0, stdout: expect.stringContaining('1. build acme/a:1') })
    const byNpx = await runProgram(
      'npx',
      ['--no', 'build-chain', 'plan', '--working-directory', cwd],
      {
        cwd: home,
        env: { ...env, ...OFFLINE, npm_config_cache: cache }
      }
    )
    expect(byNpx.stdout).toBe(plan.stdout)
    expect(existsSync(join(home, 'node_modules/@corpusops/build-chain/man/build-chain.1'))).toBe(
      true
    )
  })
})
