import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { describe, expect, test } from 'vitest'

const ROOT = resolve(import.meta.dirname, '../..')
const FOLDER = join(ROOT, 'script/breaks.d')

interface Break {
  readonly protection: string
  readonly file: string
  readonly find: string
  readonly tests: readonly string[]
}

const breaks = readdirSync(FOLDER).flatMap(name =>
  (JSON.parse(readFileSync(join(FOLDER, name), 'utf8')) as Break[]).map(
    each => [`${name.replace('.json', '')}: ${each.protection}`, each] as const
  )
)

describe('a break of script/breaks', () => {
  test.each(breaks)('can be made: %s', (_, { file, find, tests }) => {
    const text = readFileSync(join(ROOT, file), 'utf8')
    expect(text.split(find)).toHaveLength(2)
    const suites = tests.filter(word => word.endsWith('.test.ts'))
    expect(suites.length).toBeGreaterThan(0)
    expect(suites.filter(path => !existsSync(join(ROOT, path)))).toEqual([])
  })
})
