import { expect, it } from 'vitest'
import { openMemory } from '../../../src/adapters/memory.js'
import { hashOfAll } from '../../../src/chain/fingerprint.js'
import { temporaryFolder } from '../../fixtures/temporary-folder.js'
import { aRecord } from './stores/a-record.js'

/** A memory, and what it has of a set of some rows that it was told to be so many. */
function rememberedOf(count: number) {
  const rows = [['a', 'file 644 hash']] as const
  const digest = hashOfAll(rows.flat())
  const memory = openMemory('/project', { XDG_STATE_HOME: temporaryFolder() })
  let made = 0
  const files = {
    count,
    rows: () => {
      made += 1
      return rows
    }
  }
  const record = aRecord({ parts: { files: digest } })
  memory.keep(record, files)
  memory.keep(record, files)
  return { made, found: memory.files(digest), rows }
}

it('remembers the files of a record once, however many images are made from them', () => {
  const { made, found, rows } = rememberedOf(1)
  expect(found).toEqual(rows)
  expect(made).toBe(1)
})

it('makes no rows of more files than it remembers', () => {
  expect(rememberedOf(50_001)).toMatchObject({ made: 0, found: undefined })
})
