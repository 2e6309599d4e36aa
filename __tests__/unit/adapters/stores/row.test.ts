import { spawnSync } from 'node:child_process'
import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it, vi } from 'vitest'
import { Row } from '../../../../src/adapters/stores/row.js'
import { bundle } from '../../../fixtures/child.js'
import { isAlive } from '../../../fixtures/is-alive.js'
import { temporaryFolder } from '../../../fixtures/temporary-folder.js'

const env = { PATH: process.env.PATH ?? '', MARK: 'of the row' }
const { signal } = new AbortController()

async function textOf(output: AsyncIterable<Buffer>): Promise<string> {
  const pieces: Buffer[] = []
  for await (const piece of output) pieces.push(piece)
  return Buffer.concat(pieces).toString()
}

const open = (line: string, words: readonly string[] = [], until = signal) =>
  new Row(line, { words, env, isRead: true, signal: until })

describe('a row of programs', () => {
  it('takes what it is given, and gives what becomes of it', async () => {
    const row = open('tr a-z A-Z | sed "s/$/ $MARK, $1/"', ['a word'])
    const text = textOf(row.output())
    expect(await row.write([Buffer.from('one '), Buffer.from('two')])).toBe(true)
    row.end()
    expect(await text).toBe('ONE TWO of the row, a word')
    expect(await row.ended).toEqual({ status: 0, said: '' })
  })

  it('gives all of it also to who reads only after the programs have ended', async () => {
    const file = join(temporaryFolder(), 'pid')
    const row = open('echo $$ >"$1"; echo all of it', [file])
    await vi.waitFor(() => {
      expect(isAlive(Number(readFileSync(file, 'utf8')) || process.pid)).toBe(false)
    })
    // The end of a child is told a turn later.
    for (let turn = 0; turn < 5; turn += 1) await new Promise(resolve => setImmediate(resolve))
    expect(await textOf(row.output())).toBe('all of it\n')
  })

  it('tells how its last program ended, and what all of them said', async () => {
    const line = '{ echo one >&2; exit 7; } | { cat; echo two >&2; exit 3; }'
    const row = new Row(line, { words: [], env, signal })
    row.end()
    expect(await row.ended).toEqual({ status: 3, said: 'one\ntwo\n' })
  })

  it('ends by itself where what it gives is not read', async () => {
    const row = new Row('cat; yes | head -c 1000000', { words: [], env, signal })
    row.end()
    expect(await row.ended).toEqual({ status: 0, said: '' })
    expect(() => row.output()).toThrow('not read')
  })

  it('takes no more once its first program has ended', async () => {
    const row = new Row('true', { words: [], env, signal })
    await row.ended
    expect(await row.write([Buffer.from('more')])).toBe(false)
  })

  it('has ended where it was ended with more to be read', async () => {
    const row = open('yes')
    const reading = (async () => {
      for await (const piece of row.output()) if (piece.length > 0) row.kill()
    })()
    await expect(reading).rejects.toThrow()
    const idle = open('yes')
    idle.kill()
    const ends = await Promise.all([row.ended, idle.ended])
    expect(ends.map(({ status }) => status)).toEqual([null, null])
  })

  it('that cannot be started, since all files that may be open are, ends nothing else', async () => {
    const script = await bundle(`
      import { openSync } from 'node:fs'
      import { Row } from './src/adapters/stores/row.ts'
      const { signal } = new AbortController()
      const open = () => { for (;;) openSync('/dev/null') }
      try { open() } catch {}
      let failure
      try { new Row('true', { words: [], env: {}, signal }) } catch (error) { failure = error }
      setTimeout(() => process.stdout.write(failure.message), 1)
    `)
    const line = 'ulimit -n 40; exec "$0" "$1"'
    const { status, stdout, stderr } = spawnSync('sh', ['-c', line, process.execPath, script])
    expect(stderr.toString()).toBe('')
    expect([status, stdout.toString()]).toEqual([0, expect.stringContaining('too many files')])
  })

  it('does not start where it is over already', () => {
    expect(() => open('true', [], AbortSignal.abort(new Error('over')))).toThrow('over')
  })

  it.each(['the signal', 'who started it'])('ends with %s, with all of its programs', async who => {
    const folder = temporaryFolder()
    const end = new AbortController()
    const files = ['one', 'two'].map(name => join(folder, name))
    const stages = files.map(file => `sh -c 'echo $$ >"${file}"; exec sleep 1000'`)
    const row = open(stages.join(' | '), [], end.signal)
    const pids = () => files.map(file => (existsSync(file) ? readFileSync(file, 'utf8') : ''))
    await vi.waitFor(() => expect(pids().every(pid => pid.endsWith('\n'))).toBe(true))
    if (who === 'the signal') end.abort()
    else row.kill()
    await row.ended
    await vi.waitFor(() => expect(pids().map(Number).filter(isAlive)).toEqual([]))
  })
})
