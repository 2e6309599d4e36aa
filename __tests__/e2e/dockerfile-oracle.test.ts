import { describe, expect, test } from 'vitest'
import { readDockerfile } from '../../src/chain/dockerfile.js'
import { matchesWhole } from '../../src/chain/dockerfile-automaton.js'
import { filePattern } from '../../src/chain/dockerfile-globs.js'
import { contextFilter } from '../../src/chain/ignore.js'
import { askOracle, buildOracle } from '../fixtures/buildkit-oracle.js'
import { expectedFacts, foundFacts, wrongSources } from '../fixtures/dockerfile-comparison.js'
import {
  type DockerfileSample,
  generatedSamples,
  singleSamples
} from '../fixtures/dockerfile-samples.js'
import { ignoreSamples, patternSamples } from '../fixtures/ignore-samples.js'

const oracle = buildOracle()
const isMissing = 'missing' in oracle
const why = isMissing ? ` (left out: ${oracle.missing})` : ''
const program = isMissing ? '' : oracle.program

const read = ({ dockerfile, buildArgs, target }: DockerfileSample) =>
  readDockerfile(dockerfile, {
    buildArguments: new Map(Object.entries(buildArgs)),
    platform: 'linux/amd64',
    target
  })

const samples = [...singleSamples(), ...generatedSamples(2000, 1)]
const answers = isMissing ? [] : askOracle(program, samples)
const pairs = answers.map((answer, index) => {
  const sample = samples[index] as DockerfileSample
  return { ...answer, sample, ours: read(sample) }
})

describe.skipIf(isMissing)(`BuildKit's own reading of ${samples.length} Dockerfiles${why}`, () => {
  const taken = pairs.flatMap(({ reading, ...pair }) => (reading ? [{ ...pair, reading }] : []))

  test('finds more than a thousand of them right', () => {
    expect(taken.length).toBeGreaterThan(1000)
  })

  test('names the same stages, bases and triggers', () => {
    const wrong = taken.filter(
      ({ reading, ours }) =>
        JSON.stringify(expectedFacts(reading)) !== JSON.stringify(foundFacts(ours))
    )
    expect(wrong.slice(0, 3)).toEqual([])
  })

  test('takes the same files of the context', () => {
    const wrong = taken.flatMap(({ reading, ours, sample }) =>
      wrongSources(reading, ours).map(difference => ({ sample, difference }))
    )
    expect(wrong.slice(0, 3)).toEqual([])
  })

  test('finds nothing to refuse where we find nothing', () => {
    const wrong = taken.filter(({ ours }) => ours.problems.length > 0 || ours.unresolved.length > 0)
    expect(wrong.slice(0, 3)).toEqual([])
  })

  test('refuses what we tell as a problem, unless a variable is not known', () => {
    const refused = pairs.filter(({ error }) => error !== undefined)
    const untold = refused.filter(
      ({ ours, error }) =>
        ours.problems.length === 0 &&
        ours.unresolved.length === 0 &&
        !ours.sources.some(({ because }) => because !== undefined) &&
        // The classic builder takes the name of a stage whatever its case.
        !/repository name \(library\/BUILD\) must be lowercase/i.test(error ?? '')
    )
    expect(refused.length).toBeGreaterThan(300)
    expect(untold.slice(0, 3)).toEqual([])
  })
})

describe.skipIf(isMissing)(`Docker's own reading of patterns${why}`, () => {
  test('of 3000 ignore files keeps back the same', () => {
    const files = ignoreSamples(3000, 1, false)
    const wrong = askOracle(
      program,
      files.map(({ text, paths }) => ({ ignore: text, paths }))
    ).flatMap(({ matched }, index) => {
      const { text, paths } = files[index] ?? { text: '', paths: [] }
      const keeps = contextFilter(text)
      const same = !matched || paths.every((path, at) => keeps(path) === !matched[at])
      return same ? [] : [{ text, paths, matched }]
    })
    expect(wrong.slice(0, 3)).toEqual([])
  })

  test('of 3000 odd ignore files keeps back what we keep back, and maybe more', () => {
    const files = ignoreSamples(3000, 2, true)
    const wrong = askOracle(
      program,
      files.map(({ text, paths }) => ({ ignore: text, paths }))
    ).flatMap(({ matched }, index) => {
      const { text, paths } = files[index] ?? { text: '', paths: [] }
      const keeps = contextFilter(text)
      return paths
        .filter((path, at) => matched?.[at] === false && !keeps(path))
        .map(path => ({ text, path }))
    })
    expect(wrong.slice(0, 3)).toEqual([])
  })

  test('of 3000 patterns of COPY matches the same', () => {
    const patterns = patternSamples(3000, 3)
    const wrong = askOracle(
      program,
      patterns.map(({ text, paths }) => ({ match: text, paths }))
    ).flatMap(({ matched = [] }, index) => {
      const { text, paths } = patterns[index] ?? { text: '', paths: [] }
      const elements = filePattern(text)
      const same = paths.every(
        (path, at) =>
          (elements !== undefined && matchesWhole(elements, path)) === (matched[at] ?? false)
      )
      return same ? [] : [{ text, paths, matched }]
    })
    expect(wrong.slice(0, 3)).toEqual([])
  })
})
