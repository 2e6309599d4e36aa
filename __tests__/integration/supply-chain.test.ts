import { execFileSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { filesIn, ROOT } from '../fixtures/markdown.js'

const read = (path: string) => readFileSync(join(ROOT, path), 'utf8')

interface Locked {
  readonly version: string
  readonly integrity?: string
  readonly resolved?: string
  readonly link?: boolean
  readonly hasInstallScript?: boolean
}

describe('the lock file', () => {
  const all = JSON.parse(read('package-lock.json')).packages as Readonly<Record<string, Locked>>
  const packages = Object.entries(all).filter(([path]) => path !== '')
  const without = (holds: (each: Locked) => boolean) =>
    packages.filter(([, each]) => !holds(each)).map(([path]) => path)

  it('has a SHA-512 of every package', () => {
    expect(packages.length).toBeGreaterThan(100)
    expect(without(each => /^sha512-[\w+/]{86}==$/.test(each.integrity ?? ''))).toEqual([])
  })

  it('names no place but the public registry to get one from', () => {
    const isPublic = ({ resolved = '' }: Locked) =>
      resolved === '' || resolved.startsWith('https://registry.npmjs.org/')
    expect(without(isPublic)).toEqual([])
    expect(without(each => each.link !== true)).toEqual([])
  })

  it('has no package that runs something when it is installed, and npm is told to run nothing', () => {
    expect(without(each => each.hasInstallScript !== true)).toEqual([])
    expect(read('.npmrc')).toMatch(/^ignore-scripts=true$/m)
  })

  it('is all that is installed: the program itself needs no package', () => {
    const own = JSON.parse(read('package.json'))
    for (const kind of [
      'dependencies',
      'optionalDependencies',
      'peerDependencies',
      'bundleDependencies'
    ])
      expect(own).not.toHaveProperty(kind)
  })
})

/** Licences under which what dist holds may be handed on with a program under BSD-3-Clause. */
const ALLOWED = /^(MIT|ISC|0BSD|BSD-2-Clause|BSD-3-Clause|Apache-2\.0|BlueOak-1\.0\.0)$/

/** May be handed on with it, too, since everyone can build dist with another version of it: LGPL-3.0, section 4. */
const REPLACEABLE = ['openpgp']

const SECTIONS = read('dist/LICENSES.txt')
  .split(`\n${'-'.repeat(72)}\n\n`)
  .flatMap(section => {
    const end = section.indexOf('\n\n')
    const text = section.slice(end).trim()
    return section
      .slice(0, end)
      .split('\n')
      .map(head => {
        const [, name = '', version = '', licence = ''] = /^(\S+) (\S+) \((.+)\)$/.exec(head) ?? []
        return { name, version, licence, text }
      })
  })

describe('every package in dist', () => {
  it('is listed once, by name, version and licence', () => {
    expect(SECTIONS.length).toBeGreaterThan(30)
    const heads = SECTIONS.map(({ name, version }) => `${name} ${version}`)
    expect(new Set(heads).size).toBe(heads.length)
    expect(heads.filter(head => !/^\S+ \d+\.\d+\.\d+/.test(head))).toEqual([])
  })

  it.each(SECTIONS.map(each => [each.name, each.licence, each.text] as const))(
    '%s is under a licence that allows it, %s, with its whole text',
    (name, licence, text) => {
      const names = licence.replace(/[()]/g, '').split(/ (?:AND|OR) /)
      const isAllowed = names.every(each => ALLOWED.test(each))
      expect(isAllowed || REPLACEABLE.includes(name)).toBe(true)
      expect(text.length).toBeGreaterThan(500)
      expect(text).toMatch(/warrant(y|ies)/i)
    }
  )
})

describe('the list of what dist is made of', () => {
  const made = () => execFileSync(join(ROOT, 'script/sbom'), { encoding: 'utf8' })
  const list = JSON.parse(made())

  it('has every package of dist with its hash and its licence, and nothing else', () => {
    expect(
      list.components.map(({ name, version }: Locked & { name: string }) => `${name} ${version}`)
    ).toEqual(SECTIONS.map(({ name, version }) => `${name} ${version}`).sort())
    for (const { hashes, licenses, purl } of list.components) {
      expect(hashes).toEqual([
        { alg: 'SHA-512', content: expect.stringMatching(/^[0-9a-f]{128}$/) }
      ])
      expect(licenses).toHaveLength(1)
      expect(list.dependencies[0].dependsOn).toContain(purl)
    }
  })

  it('is CycloneDX of this version of the program', () => {
    const { name, version } = JSON.parse(read('package.json'))
    expect(list).toMatchObject({ bomFormat: 'CycloneDX', specVersion: '1.6', version: 1 })
    expect(list.serialNumber).toMatch(/^urn:uuid:[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/)
    expect(list.metadata.component).toMatchObject({ name, version })
  })

  it('is the same each time', () => {
    expect(made()).toBe(made())
  })
})

describe('every action that a workflow of the project uses', () => {
  const uses = [...filesIn('.github/workflows', '.yml'), 'action.yml'].flatMap(file =>
    [...read(file).matchAll(/^ *(?:- )?uses: *(.+)$/gm)].map(
      ([, what = '']) => [file, what] as const
    )
  )

  it.each(
    uses.filter(([, what]) => !what.startsWith('./') && !what.startsWith('corpusops/build-chain'))
  )('in %s is named by its commit, its version beside it: %s', (_, what) => {
    expect(what).toMatch(/^[\w-]+\/[\w./-]+@[0-9a-f]{40} # v\d+\.\d+\.\d+$/)
  })

  it('has one commit for one action', () => {
    const commits = new Map<string, Set<string>>()
    for (const [, what] of uses) {
      const [action = '', commit = ''] = what.split(/[@ ]/)
      const repository = action.split('/').slice(0, 2).join('/')
      commits.set(repository, (commits.get(repository) ?? new Set()).add(commit))
    }
    const several = [...commits].filter(([, each]) => each.size > 1).map(([action]) => action)
    expect(several).toEqual([])
  })
})
