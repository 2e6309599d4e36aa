import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { readWritten } from '../../../src/chain/dockerfile-stages.js'
import {
  type BothReadings,
  readAsBoth,
  readBothWays
} from '../../../src/commands/dockerfile-readings.js'
import { generatedSamples } from '../../fixtures/dockerfile-samples.js'

const samples = fc.constantFrom(...generatedSamples(2000, 23))

/** Instructions in which variables stand, of both kinds: those that take something in, and those that do not. */
const lines = fc.constantFrom(
  'ARG V=1',
  'ARG V',
  'ARG W=$V',
  'ENV V=2',
  'ENV W=$V',
  'ENV $V=3',
  'COPY a$V /srv/',
  'COPY --from=$V a /srv/',
  'COPY --exclude=$W a /srv/',
  'COPY a /srv/$V',
  'COPY a /srv/',
  'ADD https://example.org/$V /srv/',
  'ADD b$W /srv/',
  'RUN make $V',
  'RUN --mount=type=bind,source=$V make',
  'RUN --mount=type=cache,target=/c make $V',
  'RUN make \\\nARG V=9 \\\n  $V',
  'RUN <<EOF\nCOPY $V /x\nEOF',
  'LABEL v=$V',
  'WORKDIR /$V',
  'USER $V',
  'ONBUILD COPY c$V /srv/',
  'ONBUILD RUN make $V',
  'FROM alpine:$V',
  'FROM first',
  'FROM alpine AS first'
)
const written = fc
  .tuple(fc.constantFrom('', 'ARG V=g\n', 'ARG V\n'), fc.array(lines, { maxLength: 12 }))
  .map(([head, list]) => `${head}FROM alpine AS first\n${list.join('\n')}\n`)

const given = fc.option(fc.constantFrom('7', ''), { nil: undefined })
const triggers = fc.array(
  fc.constantFrom('COPY t /t/', 'COPY t$V /t/', 'RUN make $V', 'ENV V=t', 'ARG V=t'),
  { maxLength: 3 }
)

/** How a file is built: with an argument, and with a base that has triggers. */
const options = (v: string | undefined, onbuild: readonly string[]) => ({
  buildArguments: new Map(v === undefined ? [] : [['V', v]]),
  platform: 'linux/amd64',
  configs: new Map([['alpine', { environment: undefined, onbuild }]])
})

/** A reading less what is said twice, of stages that one builder goes by and the other does not. */
function meant(reading: BothReadings): unknown {
  const parts = Object.entries(reading).map(([name, found]: [string, readonly unknown[]]) => {
    const reached = new Set(found.map(each => JSON.stringify(each)))
    const isOnce = (each: unknown) =>
      !reached.has(JSON.stringify(each).replace('"reachable":false', '"reachable":true')) ||
      !JSON.stringify(each).includes('"reachable":false')
    return [name, found.filter(isOnce)]
  })
  return Object.fromEntries(parts)
}

describe('a Dockerfile that may be built either way', () => {
  it('is read once only where both builders take in the same', () => {
    fc.assert(
      fc.property(written, given, triggers, (text, v, onbuild) => {
        const how = options(v, onbuild)
        expect(meant(readBothWays(text, how, {}))).toEqual(meant(readAsBoth(text, how)))
      }),
      { numRuns: 3000 }
    )
  })

  it('is read once only where both take in the same, whatever else is in it', () => {
    fc.assert(
      fc.property(samples, ({ dockerfile, buildArgs, target }) => {
        const buildArguments = new Map(Object.entries(buildArgs))
        const how = { buildArguments, platform: 'linux/amd64', target }
        expect(meant(readBothWays(dockerfile, how, {}))).toEqual(meant(readAsBoth(dockerfile, how)))
      }),
      { numRuns: 2000 }
    )
  })

  it('is not said twice what only one of them would go by', () => {
    const text = 'FROM alpine AS build\nCOPY --from=base a b\nFROM debian AS base\nRUN make $V\n'
    const how = { ...options(undefined, []), target: 'build' }
    expect(readBothWays(text, how, {}).bases).toHaveLength(2)
    expect(readAsBoth(text, how).bases).toHaveLength(3)
  })

  it.each([
    ['RUN make $V', false],
    ['RUN make \\\n  $V', false],
    ['LABEL v=$V', false],
    ['ENV W=$V', false],
    ['COPY a /srv/', false],
    ['COPY a$V /srv/', true],
    ['COPY a \\\n  b$V /srv/', true],
    ['ADD a$V /srv/', true],
    ['RUN --mount=type=bind,source=$V make', true],
    ['ONBUILD COPY a$V /srv/', true],
    ['ARG TARGETARCH', true],
    ['ARG W=$TARGET\\\nARCH', true],
    ['FROM --platform=$BUILDPLATFORM alpine', true],
    ['RUN echo BUILDPLATFORM', false]
  ])('may differ between the builders by %s: %s', (line, differs) => {
    expect(readWritten(`FROM alpine:$V\nARG V=1\n${line}\n`).mayDiffer).toBe(differs)
  })
})
