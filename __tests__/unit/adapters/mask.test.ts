import { readFileSync } from 'node:fs'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { openLogs } from '../../../src/adapters/logs.js'
import { openMask, openTeller } from '../../../src/adapters/mask.js'
import { openSecretSources } from '../../../src/adapters/secret-sources.js'
import { environmentSecrets } from '../../../src/builders/environment-secrets.js'
import { temporaryFolder } from '../../fixtures/temporary-folder.js'

const SECRET = 'correct "horse"'

describe('the environment', () => {
  it('has secrets by their names, by their looks and by what it names itself', () => {
    const env = {
      NPM_TOKEN: 'one',
      LICENCE: 'two',
      OTHER: 'three',
      PROXY: 'http://u:four@proxy:3128',
      BUILD_CHAIN_SECRETS: 'LICENCE, MISSING'
    }
    expect(environmentSecrets(env).map(({ value }) => value)).toEqual([
      'two',
      'one',
      'four',
      'four'
    ])
  })
})

describe('a mask', () => {
  it('follows what becomes known', () => {
    const sources = openSecretSources({ NPM_TOKEN: 'token-one' })
    const mask = openMask(sources)
    expect(mask.text('token-one token-two')).toBe('*** token-two')
    sources.add(() => [{ name: '', value: 'token-two' }])
    expect(mask.text('token-one token-two')).toBe('*** ***')
  })

  it('masks the texts of a value, and leaves it as well formed as it was', () => {
    const mask = openMask(openSecretSources({ PASSWORD: '123456', PIN: '7' }))
    const shared = { text: 'x 123456' }
    const value = { count: 123456, lines: ['PIN=7'], one: shared, other: shared, none: null }
    const shown = mask.value(value)
    expect(shown).toEqual({
      count: 123456,
      lines: ['PIN=***'],
      one: { text: 'x ***' },
      other: { text: 'x ***' },
      none: null
    })
    expect(shown.one).toBe(shown.other)
  })

  it('gives the same value where there is no secret', () => {
    const value = { text: 'x' }
    expect(openMask(openSecretSources({})).value(value)).toBe(value)
  })

  it('tells the runner each secret that is masked wherever it stands, once', () => {
    const told: string[] = []
    const sources = openSecretSources({ NPM_TOKEN: 'token-one', PIN: '7', A_TOKEN: 'token-one\n' })
    const tell = openTeller(sources, value => told.push(value))
    tell()
    sources.add(() => [{ name: '', value: 'token-two' }])
    tell()
    expect(told).toEqual(['token-one', 'token-two'])
  })
})

describe('a masked log', () => {
  const sources = openSecretSources({ DB_PASSWORD: SECRET })

  it('holds and tells the same, without the secret, however it comes', () => {
    const words = fc.constantFrom(SECRET, JSON.stringify(SECRET), 'correct ', '"horse"', 'x\n')
    fc.assert(
      fc.property(fc.array(words), fc.integer({ min: 1, max: 9 }), (texts, size) => {
        const heard: Buffer[] = []
        const logs = openMask(sources).logs(openLogs(temporaryFolder()))
        const log = logs.open('app', chunk => void heard.push(Buffer.from(chunk)))
        const bytes = Buffer.from(texts.join(''))
        for (let at = 0; at < bytes.length; at += size) log.write(bytes.subarray(at, at + size))
        log.close()
        const written = readFileSync(log.path, 'utf8')
        expect(written).not.toContain(SECRET)
        expect(written).not.toContain(JSON.stringify(SECRET).slice(1, -1))
        expect(Buffer.concat(heard).toString()).toBe(written)
      }),
      { numRuns: 30 }
    )
  })

  it('shows what it held back before its lines and its size are asked for', () => {
    const log = openMask(sources).logs(openLogs(temporaryFolder())).open('app')
    log.write(Buffer.from('it is correct'))
    expect(log.size).toBe(13)
    expect(log.lastLines(1)).toEqual(['it is correct'])
    log.close()
  })
})
