import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { readDockerfile } from '../../../src/chain/dockerfile.js'
import type { DockerfileReading } from '../../../src/chain/dockerfile-reading.js'
import { generatedSamples } from '../../fixtures/dockerfile-samples.js'
import { processorTime } from '../../fixtures/processor-time.js'

const read = (text: string, builder: 'buildkit' | 'classic' = 'buildkit') =>
  readDockerfile(text, { buildArguments: new Map(), platform: 'linux/amd64', builder })

const pieces = [
  ...['FROM ', 'COPY ', 'ADD ', 'RUN ', 'ARG ', 'ENV ', 'ONBUILD ', '--from=', '--mount=', ' AS '],
  ...[
    '\n',
    '\\\n',
    '\r\n',
    ' ',
    '\t',
    '#',
    '# escape=`\n',
    '# syntax=',
    '<<EOF',
    '<<-"E F"',
    'EOF\n'
  ],
  ...[
    '$',
    '${',
    '}',
    ':-',
    ':+',
    '#',
    '%',
    '/',
    '//',
    '"',
    "'",
    '\\',
    '`',
    '=',
    ',',
    '[',
    ']',
    '*'
  ],
  ...[
    'a',
    'b',
    'A=$A$A',
    '$A',
    'x/../y',
    'source=',
    'type=',
    'scratch',
    'é',
    '\u0000',
    '\ufeff',
    '💥'
  ]
]
const fragments = fc.array(fc.constantFrom(...pieces), { maxLength: 60 }).map(list => list.join(''))
const texts = fc.oneof(fragments, fc.string({ unit: 'binary', maxLength: 200 }))
const samples = fc.constantFrom(...generatedSamples(400, 11).map(({ dockerfile }) => dockerfile))

/** A reading without the places of what it found. */
function withoutLines(reading: DockerfileReading): string {
  return JSON.stringify(reading, (key, value) => (key === 'line' ? undefined : value))
}

describe('reading any text', () => {
  test('gives an answer, the same again', () => {
    fc.assert(
      fc.property(
        texts,
        fc.constantFrom('buildkit' as const, 'classic' as const),
        (text, builder) => {
          expect(read(text, builder)).toEqual(read(text, builder))
        }
      ),
      { numRuns: 2000 }
    )
  })

  test('names lines that are there, and stages that are there', () => {
    fc.assert(
      fc.property(fc.oneof(texts, samples), text => {
        const reading = read(text)
        const lines = text.split('\n').length
        const places = [...reading.bases, ...reading.unresolved, ...reading.sources]
        for (const { line, stage } of [...places, ...reading.untracked, ...reading.arguments]) {
          expect(line).toBeGreaterThan(0)
          expect(line).toBeLessThanOrEqual(lines)
          if (stage !== undefined) expect(reading.stages[stage]).toBeDefined()
        }
      }),
      { numRuns: 2000 }
    )
  })

  test('gives paths below the root of the context', () => {
    fc.assert(
      fc.property(fc.oneof(texts, samples), text => {
        for (const { path } of read(text).sources) {
          expect(path).not.toMatch(/^\/|\/$|\/\/|(^|\/)\.\.?(\/|$)/)
        }
      }),
      { numRuns: 2000 }
    )
  })

  test('tells a base or why there is none for every stage but those on scratch and on others', () => {
    fc.assert(
      fc.property(fc.oneof(texts, samples), text => {
        const { stages, bases, unresolved } = read(text)
        const from = [...bases, ...unresolved].filter(base => base.from === 'FROM')
        expect(new Set(from.map(({ stage }) => stage)).size).toBe(from.length)
        expect(from.length).toBeLessThanOrEqual(stages.length)
      }),
      { numRuns: 1000 }
    )
  })
})

describe('what changes nothing', () => {
  test('are the line ends of Windows', () => {
    fc.assert(
      fc.property(samples, text => {
        const unix = text.replaceAll('\r\n', '\n')
        // A here-document keeps its line ends, so the text of a trigger differs.
        const { onbuild: _, ...windows } = read(unix.replaceAll('\n', '\r\n'))
        const { onbuild: __, ...expected } = read(unix)
        expect(windows).toEqual(expected)
      })
    )
  })

  test('are comments and empty lines in front of a FROM', () => {
    fc.assert(
      fc.property(samples, fc.constantFrom('# COPY a b', '', '   ', '\t# FROM x'), (text, line) => {
        const changed = text.replace(/^(FROM .*)$/gm, `${line}\n$1`)
        // In a here-document a comment is content.
        fc.pre(
          !/<<|ONBUILD/i.test(text) && !/^\s*(# *\w+ *=|\n)/.test(text) && !/[\\`]\r?\n/.test(text)
        )
        expect(withoutLines(read(changed))).toBe(withoutLines(read(text)))
      })
    )
  })

  test('are instructions that take nothing in, at the end', () => {
    fc.assert(
      fc.property(
        samples,
        fc.constantFrom('RUN x', 'LABEL a=b', 'USER u', 'CMD ["x"]'),
        (text, step) => {
          fc.pre(
            !/[\\`]\s*$/.test(text) &&
              !/unterminated|no FROM/.test(JSON.stringify(read(text).problems))
          )
          expect(read(`${text}\n${step}`)).toEqual(read(`${text}\n`))
        }
      )
    )
  })
})

const MEGABYTE = 1_000_000
const filled = (head: string, line: string, length: number) =>
  head + line.repeat(Math.floor((length - head.length) / line.length))

describe('a long Dockerfile', () => {
  test.each([
    [
      'FROM debian\n',
      'RUN apt-get update && apt-get install -y curl \\\n  && rm -rf /var/lib/apt\n'
    ],
    ['FROM debian AS build\nFROM debian\n', 'COPY --from=build /usr/lib/x /usr/lib/x\n'],
    ['FROM debian\nARG DIR=src\n', 'COPY --chown=1000 ${DIR}/a ${DIR:-b}/*.txt /app/\n'],
    ['FROM debian\n', 'RUN <<EOF\n  echo "$HOME" && cat <<X\nEOF\n']
  ])('of %j and many %j of a megabyte is read in under a second', (head, line) => {
    const text = filled(head, line, MEGABYTE)
    expect(processorTime(() => read(text), 3)).toBeLessThan(1000)
  })

  test.each([
    ['FROM a\n', 'ARG A=$A$A\n'],
    ['FROM scratch\nENV A=aaaaaaaaaaaaaaaa\n', 'ENV A=$A$A\nCOPY $A$A$A$A /x\n'],
    ['FROM scratch\nENV A=aaaaaaaaaaaaaaaa\n', 'ENV A=${A//a*b/c}x\n'],
    [`FROM scratch\nENV A=${'a'.repeat(4000)}\n`, 'COPY ${A//a*a*a*b/c} /x\n'],
    ['FROM a AS b\n', 'FROM b AS b\nCOPY $z .\n'],
    ['FROM a AS a\n', 'ONBUILD COPY --from=b c d\nFROM a AS a\n'],
    ['FROM a\nCOPY ', '${a:-'],
    ['FROM a\nRUN ', '<<A '],
    ['FROM a\nRUN ', '--mount=source=$x,target=/y '],
    ['FROM a\nCOPY [', '"a",'],
    ['FROM a\nENV x=', '"\\"'],
    ['FROM a\nRUN <<', ' '],
    ['', '\\\n'],
    ['', '# syntax=a\n'],
    ['', 'FROM a\n']
  ])('of %j and many %j is read in little time too', (head, line) => {
    const text = filled(head, line, MEGABYTE / 4)
    expect(processorTime(() => read(text), 3)).toBeLessThan(2000)
  })
})
