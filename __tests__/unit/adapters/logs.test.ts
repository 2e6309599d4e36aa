import { readFileSync, statSync } from 'node:fs'
import { basename, dirname, join } from 'node:path'
import fc from 'fast-check'
import { describe, expect, it, onTestFinished } from 'vitest'
import { openLogs } from '../../../src/adapters/logs.js'
import { temporaryFolder } from '../../fixtures/temporary-folder.js'

function openLog(name = 'acme/app:1') {
  const log = openLogs(join(temporaryFolder(), 'runs', '1')).open(name)
  onTestFinished(() => log.close())
  return log
}

describe('a log', () => {
  it('lies in the folder of its run, which is made, under a name made from the image', () => {
    const folder = join(temporaryFolder(), 'runs', '1')
    const log = openLogs(folder).open('registry.example:5000/acme/app:1.0')
    onTestFinished(() => log.close())
    expect(dirname(log.path)).toBe(folder)
    expect(basename(log.path)).toBe('001-registry.example_5000_acme_app_1.0.log')
  })

  it('has a name of its own, although several images look alike', () => {
    const logs = openLogs(temporaryFolder())
    const paths = ['a/b', 'a:b', 'a/b'].map(name => {
      const log = logs.open(name)
      onTestFinished(() => log.close())
      return basename(log.path)
    })
    expect(paths).toEqual(['001-a_b.log', '002-a_b.log', '003-a_b.log'])
  })

  it('stays in its folder and within the limits of a file name, whatever the image is called', () => {
    const folder = temporaryFolder()
    const logs = openLogs(folder)
    for (const name of ['../../etc/passwd', '/', '', 'x'.repeat(5_000), 'é\0\n🐳']) {
      const log = logs.open(name)
      log.close()
      expect(dirname(log.path)).toBe(folder)
      expect(basename(log.path).length).toBeLessThan(200)
    }
  })

  it('can be read by its owner alone, since builds print secrets', () => {
    expect(statSync(openLog().path).mode & 0o077).toBe(0)
  })

  it('holds every byte in order, on the disk at once', () => {
    fc.assert(
      fc.property(fc.array(fc.uint8Array({ maxLength: 50 })), chunks => {
        const log = openLog()
        for (const chunk of chunks) log.write(Buffer.from(chunk))
        expect(readFileSync(log.path)).toEqual(Buffer.concat(chunks))
      }),
      { numRuns: 30 }
    )
  })

  it('may be closed twice', () => {
    const log = openLog()
    log.close()
    expect(() => log.close()).not.toThrow()
  })
})

describe('the last lines of a log', () => {
  const linesOf = (text: string, count = 20) => {
    const log = openLog()
    log.write(Buffer.from(text))
    return log.lastLines(count)
  }

  it('are the last that say something, without their ends', () => {
    expect(linesOf('one\r\n\n  \ntwo\nthree\n\n', 2)).toEqual(['two', 'three'])
  })

  it('count a line that is not ended yet', () => {
    expect(linesOf('one\ntwo')).toEqual(['one', 'two'])
  })

  it('are none in an empty log', () => {
    expect(linesOf('')).toEqual([])
  })

  it('are found in a log of any size, and no line is too long for a person', () => {
    const lines = linesOf(
      `${'x'.repeat(300_000)}\n${'line\n'.repeat(100_000)}${'y'.repeat(5_000)}\n`,
      3
    )
    expect(lines.slice(0, 2)).toEqual(['line', 'line'])
    expect(lines[2]).toMatch(/^y+$/)
    expect(lines[2]?.length).toBeLessThanOrEqual(2_000)
  })

  it('do not change what is written after them', () => {
    const log = openLog()
    log.write(Buffer.from('one\n'))
    log.lastLines(1)
    log.write(Buffer.from('two\n'))
    expect(readFileSync(log.path, 'utf8')).toBe('one\ntwo\n')
    expect(log.lastLines(5)).toEqual(['one', 'two'])
  })

  it('are those of the model, for every text', () => {
    const text = fc.string({ unit: fc.constantFrom('a', 'é', ' ', '\n', '\r\n') })
    fc.assert(
      fc.property(text, fc.integer({ min: 1, max: 5 }), (written, count) => {
        const said = written.split(/\r?\n/).filter(line => line.trim() !== '')
        expect(linesOf(written, count)).toEqual(said.slice(-count))
      }),
      { numRuns: 50 }
    )
  })
})
