import { readdirSync, readFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { parseAst } from 'rolldown/parseAst'
import { afterAll, describe, expect, test } from 'vitest'
import { figure } from '../fixtures/figures.js'
import { knownSafe } from '../fixtures/known-safe.js'

const SRC = resolve(import.meta.dirname, '../../src')

interface Pattern {
  readonly file: string
  readonly source: string
  readonly flags: string
}

interface Found {
  readonly literals: Pattern[]
  /** Texts of `new RegExp(…)`. */
  readonly made: string[]
}

/** Goes over a syntax tree; every regular expression that is written in it is noted. */
function collect(node: unknown, file: string, text: string, found: Found): void {
  if (Array.isArray(node)) for (const each of node) collect(each, file, text, found)
  if (typeof node !== 'object' || node === null || Array.isArray(node)) return
  const { type, regex, callee, start, end } = node as {
    readonly type?: string
    readonly regex?: { readonly pattern: string; readonly flags: string }
    readonly callee?: { readonly name?: string }
    readonly start: number
    readonly end: number
  }
  if (type === 'Literal' && regex) {
    found.literals.push({ file, source: regex.pattern, flags: regex.flags })
  }
  if ((type === 'NewExpression' || type === 'CallExpression') && callee?.name === 'RegExp') {
    found.made.push(`${file}: ${text.slice(start, end).replace(/\s+/g, ' ')}`)
  }
  for (const each of Object.values(node)) collect(each, file, text, found)
}

const found: Found = { literals: [], made: [] }
const names = readdirSync(SRC, { recursive: true, encoding: 'utf8' }).sort()
for (const file of names.filter(name => name.endsWith('.ts'))) {
  const text = readFileSync(join(SRC, file), 'utf8')
  collect(parseAst(text, { lang: 'ts' }), file, text, found)
}

/** Written once, looked at once. */
const distinct = new Map(found.literals.map(each => [`/${each.source}/${each.flags}`, each]))

/** The analysis in JavaScript: its other forms are programs for one kind of machine each. */
async function analysis() {
  process.env.RECHECK_BACKEND = 'pure'
  return (await import('recheck')).checkSync
}

const roomOf = ({ file }: Pattern) =>
  file.includes('/') ? file.slice(0, file.indexOf('/')) : 'entries'

const rooms = new Map<string, Pattern[]>()
for (const each of distinct.values()) {
  rooms.set(roomOf(each), [...(rooms.get(roomOf(each)) ?? []), each])
}

const { version } = JSON.parse(
  readFileSync(resolve(SRC, '../node_modules/recheck/package.json'), 'utf8')
) as { readonly version: string }
/** By characters that are read alone: by the clock, a pattern is bad on a machine that is busy for a second. */
const LIMITS = { timeout: 300_000, attackTimeout: null, incubationTimeout: null }

const safe = knownSafe(`recheck-${version}`)

afterAll(() => {
  safe.save()
  const value = String(found.literals.length)
  figure({ area: 'hostile-patterns', name: 'regular expressions, each safe', value })
})

describe('no regular expression goes back over what it has read', () => {
  test.each([...rooms])('in %s', async (_, patterns) => {
    const check = await analysis()
    const unsafe = patterns.flatMap(({ file, source, flags }) => {
      const name = `/${source}/${flags}`
      if (safe.has(name)) return []
      const look = () => check(source, flags, LIMITS)
      const first = look()
      // On a busy machine the analysis may run out of time once.
      const told = first.status === 'unknown' ? look() : first
      const attack = told.status === 'vulnerable' ? told.attack.pattern : ''
      const words = `${file}: /${source}/${flags} is ${told.status} ${attack}`
      if (told.status !== 'safe') return [words]
      safe.add(name)
      return []
    })
    expect(unsafe).toEqual([])
  })

  test('and those that are made while the program runs are made of few known texts', () => {
    expect(found.made.map(text => text.slice(0, text.indexOf(':')))).toEqual([
      // The word is one of ours: letters and digits.
      'adapters/output-fence.ts',
      ...Array(4).fill('adapters/stores/docker-archive.ts'),
      'adapters/stores/registry-transfer.ts',
      ...Array(2).fill('chain/dockerfile-words.ts'),
      'packer/install.ts',
      'packer/plugin-file.ts',
      // Lines of a width.
      'report/secret-needles.ts'
    ])
  })
})
