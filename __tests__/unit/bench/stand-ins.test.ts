import { join } from 'node:path'
import { afterAll, expect, test } from 'vitest'
import { output, removeLogs } from '../../../script/bench.d/run.js'
import { gapsOf, writeStandIns } from '../../../script/bench.d/stand-ins.js'
import { temporaryFolder } from '../../fixtures/temporary-folder.js'

afterAll(removeLogs)

test('a docker that stands in hands all on, and writes down builds alone', async () => {
  const folder = temporaryFolder()
  const { env, spans, forget } = writeStandIns(folder, { docker: '/bin/echo', image: 'none' })
  const call = (...args: string[]) =>
    output({ program: join(folder, 'bin/docker'), args, env: { ...env } })
  expect(await call('build', '-t', 'acme/app:1.0', '.')).toBe('build -t acme/app:1.0 .\n')
  expect(await call('image', 'ls')).toBe('image ls\n')
  const [span] = spans()
  expect(spans()).toHaveLength(1)
  expect(span?.words).toEqual(['build', '-t', 'acme/app:1.0', '.'])
  expect(span?.ended).toBeGreaterThan(span?.began ?? Number.POSITIVE_INFINITY)
  forget()
  expect(spans()).toEqual([])
})

test('the gaps between builds are from the end of one to the beginning of the next', () => {
  const span = (began: number, ended: number) => ({ began, ended, words: [] })
  expect(gapsOf([span(1, 2), span(2.5, 4), span(4.25, 5)])).toEqual([0.5, 0.25])
  expect(gapsOf([])).toEqual([])
})
