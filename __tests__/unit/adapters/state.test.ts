import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { openState } from '../../../src/adapters/state.js'
import { temporaryFolder } from '../../fixtures/temporary-folder.js'
import { aRecord } from './stores/a-record.js'

const stateFile = () => join(temporaryFolder(), 'images.state')

const names = (file: string) => [...openState(file).records().keys()]

describe('the state file', () => {
  it('cut at any byte loses what was cut, and nothing of what is written then', () => {
    const file = stateFile()
    const state = openState(file)
    for (const image of ['one', 'two']) state.keep(aRecord({ image }))
    const whole = readFileSync(file)
    const first = whole.indexOf('\n')
    for (let length = 0; length <= whole.length; length += 1) {
      writeFileSync(file, whole.subarray(0, length))
      openState(file).keep(aRecord({ image: 'three' }))
      // The line end itself is no part of a record.
      const left = length >= whole.length - 1 ? ['one', 'two'] : length >= first ? ['one'] : []
      expect(names(file)).toEqual([...left, 'three'])
    }
  })

  it('tells what another run has recorded since, once it is asked to look', () => {
    const file = stateFile()
    const state = openState(file)
    state.keep(aRecord({ image: 'one' }))
    openState(file).keep(aRecord({ image: 'two' }))
    expect([...state.records().keys()]).toEqual(['one'])
    state.refresh()
    expect([...state.records().keys()]).toEqual(['one', 'two'])
  })

  it('is not read again where no other run has written', () => {
    const file = stateFile()
    const state = openState(file)
    state.keep(aRecord({ image: 'one' }))
    const before = state.records()
    state.refresh()
    expect(state.records()).toBe(before)
  })

  it('is written anew with the records of another run in it', async () => {
    const file = stateFile()
    const state = openState(file)
    for (let time = 0; time < 300; time += 1) state.keep(aRecord({ image: 'one', builtAt: time }))
    openState(file).keep(aRecord({ image: 'two' }))
    await state.compact()
    expect(readFileSync(file, 'utf8').split('\n')).toHaveLength(3)
    expect(names(file)).toEqual(['one', 'two'])
  })

  it('remembers for its run what it cannot write down, also after a look at what others wrote', () => {
    const file = join(temporaryFolder(), 'blocked', 'images.state')
    writeFileSync(dirname(file), '')
    const state = openState(file)
    expect(() => state.keep(aRecord({ image: 'one' }))).toThrow('EEXIST')
    expect([...state.records().keys()]).toEqual(['one'])
    rmSync(dirname(file))
    mkdirSync(dirname(file))
    openState(file).keep(aRecord({ image: 'two' }))
    state.refresh()
    expect([...state.records().keys()].sort()).toEqual(['one', 'two'])
    state.keep(aRecord({ image: 'one' }))
    expect(names(file)).toEqual(['two', 'one'])
  })
})
