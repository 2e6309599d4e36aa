import { createHash } from 'node:crypto'
import { mkdirSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import fc from 'fast-check'
import { dockerContext, dockerSocket } from '../../../src/adapters/docker-socket.js'
import { openKept } from '../../../src/adapters/kept.js'
import { openKeptHashes } from '../../../src/adapters/kept-hashes.js'
import { openState } from '../../../src/adapters/state.js'
import { which } from '../../../src/adapters/which.js'
import { builderEnvironment } from '../../../src/builders/environment.js'
import { readCommandLine } from '../../../src/flags.js'
import { readLiveLine } from '../../../src/live-flags.js'
import { olderUsage } from '../../../src/older-usage.js'
import { fromLevel, fromVariables } from '../../../src/older-variables.js'
import { OPTION_NAMES, parseOptions } from '../../../src/options.js'
import { wantsColours } from '../../../src/report/paint.js'
import { evilTexts, evilValues, mutated } from '../../fixtures/hostile-text.js'
import { scratch } from './scratch.js'
import { must, type Target, target } from './target.js'

const sum = (text: string, length: number) =>
  createHash('sha256').update(text).digest('hex').slice(0, length)

const record = JSON.stringify({
  image: 'a',
  fingerprint: 'sha256:a',
  imageId: 'sha256:b',
  tags: ['a:1'],
  parents: { __proto__x: 'y' },
  parts: { x: 'y' },
  triggers: { a: ['RUN x'] },
  builtAt: 1,
  seconds: 2
})
const WORDS = [
  '{',
  '}',
  '[',
  ']',
  ',',
  ':',
  '"',
  'null',
  '\n',
  '"__proto__"',
  '"image"',
  '0',
  sum(record, 16)
]

/** Lines as they are, cut, or with a checksum that is right for whatever they say. */
const lines = fc
  .array(
    fc.oneof(
      mutated([record], WORDS),
      evilValues.map(value => JSON.stringify(value) ?? '')
    ),
    { maxLength: 4 }
  )
  .chain(texts =>
    fc.constantFrom(texts.map(text => `${sum(text, 16)} ${text}`).join('\n'), texts.join('\n'))
  )

function write(name: string, text: string): string {
  const path = scratch(name)
  writeFileSync(path, text)
  return path
}

const rows = fc
  .oneof(evilValues, fc.array(fc.tuple(evilTexts, fc.tuple(evilTexts, evilTexts))))
  .map(value => `${JSON.stringify(value)}}`)
  .map(text => `{"version":2,"check":"${sum(text, 64)}","rows":${text}`)

const NAMES = [
  'HOME',
  'PATH',
  'DOCKER_HOST',
  'DOCKER_CONTEXT',
  'DOCKER_CONFIG',
  'IMAGES',
  'NO_SQUASH',
  'LOGLEVEL',
  'BUILDER_ARGS',
  'INPUT_X',
  'ACTIONS_RUNTIME_TOKEN',
  'GITHUB_TOKEN',
  'GITHUB_OUTPUT',
  'NO_COLOR',
  'FORCE_COLOR'
]
const environments = fc
  .array(fc.tuple(fc.oneof(fc.constantFrom(...NAMES), evilTexts), evilTexts), { maxLength: 8 })
  .map(pairs => Object.fromEntries(pairs) as Record<string, string>)

const words = fc.array(
  fc.oneof(
    evilTexts,
    fc.constantFrom(...OPTION_NAMES).map(name => `--${name}`),
    fc
      .tuple(fc.constantFrom(...OPTION_NAMES), evilTexts)
      .map(([name, value]) => `--${name}=${value}`),
    fc.constantFrom(
      'build',
      'plan',
      'live',
      '--no-summary',
      '-h',
      '--',
      '--images',
      '-var',
      '--provision='
    )
  ),
  { maxLength: 8 }
)

const options = fc
  .array(fc.tuple(fc.oneof(fc.constantFrom(...OPTION_NAMES), evilTexts), evilTexts), {
    maxLength: 6
  })
  .map(pairs => Object.fromEntries(pairs) as Record<string, string>)

export const KEPT_TARGETS: readonly Target[] = [
  target('the records of earlier builds', lines, text => {
    for (const [image, kept] of openState(write('state', text)).records()) {
      must(kept.image === image && Array.isArray(kept.tags), 'an odd record')
    }
  }),
  target(
    'kept hashes',
    fc.tuple(fc.oneof(rows, mutated(['{"version":2,"check":"a","rows":[]}'], WORDS)), evilTexts),
    ([text, path]) => {
      const hash = openKeptHashes(write('hashes', text)).find(path, '1 2 3')
      must(hash === undefined || typeof hash === 'string', 'an odd hash')
    }
  ),
  target(
    'what was left on purpose',
    fc.array(
      fc.oneof(
        evilValues,
        fc.record({
          kind: evilTexts,
          id: evilTexts,
          name: evilTexts,
          daemon: evilTexts,
          why: evilTexts,
          process: evilValues,
          folder: evilValues
        })
      ),
      { maxLength: 3 }
    ),
    things => {
      const folder = scratch('kept')
      rmSync(folder, { recursive: true, force: true })
      mkdirSync(folder, { recursive: true })
      for (const [at, thing] of things.entries())
        writeFileSync(join(folder, `${at}.json`), JSON.stringify(thing) ?? '')
      const kept = openKept(folder)
      for (const thing of kept.list()) {
        must(thing.folder === undefined || typeof thing.folder === 'string', 'an odd folder')
        must(thing.process === undefined || Number.isInteger(thing.process), 'an odd process')
        kept.forget(thing)
      }
    }
  ),
  target('the environment', environments, env => {
    const given = builderEnvironment(env)
    for (const name of ['INPUT_X', 'ACTIONS_RUNTIME_TOKEN', 'GITHUB_TOKEN', 'GITHUB_OUTPUT'])
      must(!Object.hasOwn(given, name), `${name} is given to builders`)
    fromVariables(env)
    dockerContext(env)
    dockerSocket(env)
    wantsColours(true, env)
    which('docker', env.PATH)
  }),
  target('options', options, raw => {
    parseOptions(fromLevel(raw))
  }),
  target('a command line', fc.tuple(words, environments), ([args, env]) => {
    olderUsage(args, env)
    parseOptions(readCommandLine(args, env).raw)
  }),
  target('a command line of live', fc.tuple(words, environments), ([args, env]) => {
    readLiveLine(args, env)
  })
]
