import { readdirSync, readFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { parseAst } from 'rolldown/parseAst'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { figure } from '../fixtures/figures.js'
import { knownSafe } from '../fixtures/known-safe.js'
import { analysePatterns } from '../fixtures/pattern-analysis.js'

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

const roomOf = ({ file }: Pattern) =>
  file.includes('/') ? file.slice(0, file.indexOf('/')) : 'entries'

const rooms = new Map<string, Pattern[]>()
for (const each of distinct.values()) {
  rooms.set(roomOf(each), [...(rooms.get(roomOf(each)) ?? []), each])
}

const { version } = JSON.parse(
  readFileSync(resolve(SRC, '../node_modules/recheck/package.json'), 'utf8')
) as { readonly version: string }
const safe = knownSafe(`recheck-${version}`)

afterAll(() => {
  safe.save()
  const value = String(found.literals.length)
  figure({ area: 'hostile-patterns', name: 'regular expressions, each safe', value })
})

describe('no regular expression goes back over what it has read', () => {
  let answers: Awaited<ReturnType<typeof analysePatterns<Pattern>>>

  beforeAll(async () => {
    const unknown = [...distinct].flatMap(([name, each]) => (safe.has(name) ? [] : [each]))
    answers = await analysePatterns(unknown)
  })

  test.each([...rooms])('in %s', (_, patterns) => {
    const unsafe = patterns.flatMap(pattern => {
      const { file, source, flags } = pattern
      const name = `/${source}/${flags}`
      if (safe.has(name)) return []
      const { status, attack } = answers.get(pattern) ?? { status: 'unknown', attack: '' }
      if (status !== 'safe') return [`${file}: ${name} is ${status} ${attack}`]
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
