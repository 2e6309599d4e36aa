import { describe, expect, test } from 'vitest'
import { COMMAND_TABLE } from '../../src/command-table.js'
import { readCommandLine } from '../../src/flags.js'
import { readLiveLine } from '../../src/live-flags.js'
import { parseOptions } from '../../src/options.js'
import { codesIn, readDocuments } from '../fixtures/markdown.js'

/** The words of a plain command line: quotation marks, and nothing else that a shell knows. */
const wordsOf = (line: string) =>
  [...line.matchAll(/'([^']*)'|"([^"]*)"|(\S+)/g)].map(
    ([, single, double, plain]) => single ?? double ?? plain ?? ''
  )

const CALL = /^(?:npx --yes github:corpusops\/build-chain#v1|build-chain) (.+)$/

const inline = readDocuments().flatMap(({ path, text }) =>
  codesIn(text.replace(/^```[^]*?^```$/gm, ''))
    .filter(code => CALL.test(code) && !code.includes('[') && !code.includes('…'))
    .map(code => [path, code] as const)
)

const examples = Object.values(COMMAND_TABLE).flatMap(({ examples: lines }) =>
  lines.flatMap(({ line }) =>
    line.startsWith('build-chain ') ? [['its help', line] as const] : []
  )
)

describe('the command line', () => {
  test('is written in many places', () => expect(inline.length).toBeGreaterThan(5))

  test.each([...inline, ...examples])('in %s has options that there are: %s', (_, code) => {
    const [, call = ''] = CALL.exec(code) ?? []
    const words = wordsOf(call.replace(/ *[>|].*$/, ''))
    const read = words[0] === 'live' ? readLiveLine(words.slice(1), {}) : readCommandLine(words, {})
    expect(() => parseOptions(read.raw)).not.toThrow()
  })
})
