import { afterAll, afterEach, describe, expect, it, vi } from 'vitest'
import {
  canMeasureMemory,
  output,
  peakBytes,
  removeLogs,
  timed
} from '../../../script/bench.d/run.js'

const shell = (line: string) => ({ program: 'sh', args: ['-c', line] })
const tellsMemory = await canMeasureMemory()

afterAll(removeLogs)

afterEach(() => {
  vi.unstubAllEnvs()
})

describe('a program', () => {
  it('is timed from its start to its end', async () => {
    expect(await timed(shell('exit 0'))).toBeGreaterThan(0)
  })

  it('that fails is an error with its call and its last words', async () => {
    const failing = timed(shell('echo what went wrong >&2; exit 3'))
    await expect(failing).rejects.toThrow(/^sh -c echo .* ended with 3:\n {2}what went wrong$/)
  })

  it('that is missing is an error', async () => {
    await expect(timed({ program: 'no-such-program', args: [] })).rejects.toThrow('ENOENT')
  })

  it('sees nothing of what a runner sets, unless it fetches something', async () => {
    vi.stubEnv('INPUT_COMMAND', 'plan')
    const call = shell('echo "${INPUT_COMMAND-unset}"')
    expect(await output(call)).toBe('unset\n')
    expect(await output({ ...call, fetches: true })).toBe('plan\n')
  })

  it.skipIf(!tellsMemory)(
    'is asked for the memory that it held, not for that of who started it',
    async () => {
      const mebibyte = 1024 ** 2
      const held = Buffer.alloc(200 * mebibyte, 1)
      expect(await peakBytes(shell('exit 0'))).toBeLessThan(50 * mebibyte)
      expect(held.length).toBe(200 * mebibyte)
    }
  )
})
