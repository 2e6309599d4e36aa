import { expect, test } from 'vitest'
import { DEPTH, readRun, WIDTH, writeChains } from '../../../script/bench.d/cold-chains.js'
import { criticalPath } from '../../../script/bench.d/schedule.js'
import { temporaryFolder } from '../../fixtures/temporary-folder.js'

test('the critical path of a cold run is that of its slowest chain', () => {
  const folder = temporaryFolder()
  const members = writeChains(folder, 'acme', '/bin/sh')
  const spans = members.map(({ tag }, number) => {
    const began = 100 + Math.floor(number / WIDTH)
    return { began, ended: began + (number % WIDTH === 3 ? 2 : 1), words: ['build', '-t', tag] }
  })
  const { jobs, builds } = readRun(spans, members)
  expect(jobs).toHaveLength(WIDTH * DEPTH)
  expect(criticalPath(jobs)).toBe(2 * DEPTH)
  expect(builds[WIDTH + 3]).toEqual({ name: '4.2', chain: 3, from: 1, to: 3 })
})
