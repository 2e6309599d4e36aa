import { execFileSync, spawnSync } from 'node:child_process'
import {
  lstatSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  symlinkSync,
  writeFileSync
} from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { guardedPath } from '../../../src/adapters/guarded-tar.js'
import { type TarPart, tarArchive } from '../../fixtures/tar-archive.js'
import { temporaryFolder, writeScript } from '../../fixtures/temporary-folder.js'

const guarded = () => ({ env: { ...process.env, PATH: guardedPath() }, encoding: 'utf8' }) as const

/** A place to which archives are unpacked as the cache's client does it, and a file outside of it. */
function stage() {
  const root = temporaryFolder()
  const [place, archive, outside] = ['to the/place', 'archive', 'outside'].map(name =>
    join(root, name)
  ) as [string, string, string]
  mkdirSync(place, { recursive: true })
  mkdirSync(outside)
  writeFileSync(join(outside, 'file'), 'ours')
  const unpack = () => spawnSync('tar', ['-xf', archive, '-P', '-C', place], guarded())
  return { root, place, archive, outside, unpack }
}

/** All that is below a folder, links not followed. */
const below = (folder: string): string[] => readdirSync(folder, { recursive: true }).map(String)

describe("the tar of GitHub's cache", () => {
  it('unpacks what was kept of a folder', () => {
    const { root, place, archive, unpack } = stage()
    const folder = join(root, 'from/kept it')
    mkdirSync(join(folder, 'below'), { recursive: true })
    writeFileSync(join(folder, 'images.tar'), 'images')
    writeFileSync(join(folder, 'below/a b'), 'x')
    const words = ['--posix', '-cf', archive, '-P', '-C', join(root, 'from'), 'kept it']
    expect(spawnSync('tar', words, guarded()).status).toBe(0)
    expect(unpack()).toMatchObject({ status: 0, stderr: '' })
    expect(readFileSync(join(place, 'kept it/images.tar'), 'utf8')).toBe('images')
    expect(readFileSync(join(place, 'kept it/below/a b'), 'utf8')).toBe('x')
  })

  const link = (name: string, target: string): TarPart => ({ name, type: '2', target })
  const hardLink = (name: string, target: string): TarPart => ({ name, type: '1', target })
  const evil = (name: string): TarPart => ({ name, content: 'evil' })

  it.each<[string, (outside: string) => TarPart[]]>([
    ['an absolute path', outside => [evil(join(outside, 'evil'))]],
    ['a way out', () => [evil('../../outside/evil')]],
    ['a way out in the middle', () => [evil('it/../../../outside/evil')]],
    ['a way beside', () => [evil('../evil')]],
    ['the name of a file outside', outside => [evil(join(outside, 'file'))]],
    ['a link out', outside => [link('l', outside), evil('l/evil')]],
    ['a relative link out', () => [link('l', '../../outside'), evil('l/evil')]],
    ['a link to a file outside', outside => [link('l', join(outside, 'file')), evil('l')]],
    ['links one after another', () => [link('a', '..'), link('b', 'a/../outside'), evil('b/evil')]],
    ['a further name', outside => [hardLink('h', join(outside, 'file'))]],
    ['a relative further name', () => [hardLink('h', '../../outside/file')]]
  ])('writes nothing outside of its place: %s', (_, parts) => {
    const { root, archive, outside, unpack } = stage()
    const elsewhere = () => below(root).filter(path => !path.startsWith('to the/place/'))
    writeFileSync(archive, tarArchive([evil('kept it/images.tar'), ...parts(outside)]))
    const before = elsewhere()
    unpack()
    expect(elsewhere()).toEqual(before)
    expect(readFileSync(join(outside, 'file'), 'utf8')).toBe('ours')
    expect(lstatSync(join(outside, 'file')).nlink).toBe(1)
  })

  it.each(['u=,g=,o=', 'u=rwxs,g=rwxs,o=rwx'])(
    'takes no rights from an archive that has %s: who unpacks it has them alone',
    mode => {
      const { root, place, archive, unpack } = stage()
      const folder = join(root, 'from/below')
      mkdirSync(folder, { recursive: true })
      writeFileSync(join(folder, 'file'), '')
      execFileSync('tar', ['-cf', archive, `--mode=${mode}`, '-C', join(root, 'from'), '.'])
      expect(unpack().status).toBe(0)
      const rights = ['.', 'below', 'below/file'].map(path => lstatSync(join(place, path)).mode)
      expect(rights.slice(0, 2).map(each => each & 0o7777)).toEqual([0o700, 0o700])
      expect((rights[2] ?? 0) & 0o7677).toBe(0o600)
    }
  )

  it('is told by no variable to follow the names of an archive', () => {
    const { archive, outside, place } = stage()
    writeFileSync(archive, tarArchive([evil(join(outside, 'evil'))]))
    const { env } = guarded()
    spawnSync('tar', ['-xf', archive, '-P', '-C', place], { env: { ...env, TAR_OPTIONS: '-P' } })
    expect(readdirSync(outside)).toEqual(['file'])
  })

  it.each(['tar', 'gtar'])('is every one that the client may call: %s', name => {
    const root = temporaryFolder()
    writeScript(join(root, name), `printf '%s\\n' "$@"`)
    const env = { ...process.env, PATH: guardedPath(`${root}:${process.env.PATH}`) }
    const words = ['-xf', 'an archive', '-P', '-C', root]
    const { stdout } = spawnSync(name, words, { env, encoding: 'utf8' })
    expect(stdout.trimEnd().split('\n')).toEqual([
      ...['-xf', 'an archive', '-C', root],
      ...['--no-same-owner', '--no-same-permissions']
    ])
  })

  it('packs as ever', () => {
    const { root, archive, outside } = stage()
    symlinkSync(outside, join(root, 'link'))
    const made = spawnSync('tar', ['--posix', '-cf', archive, '-P', join(root, 'link')], guarded())
    expect(made.status).toBe(0)
    expect(execFileSync('tar', ['-tPf', archive]).toString()).toBe(`${join(root, 'link')}\n`)
  })
})
