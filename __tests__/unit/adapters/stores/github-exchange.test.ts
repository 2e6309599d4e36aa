import { existsSync, mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { withExchange } from '../../../../src/adapters/stores/github-exchange.js'
import { gate } from '../../../fixtures/fake-ports.js'
import { temporaryFolder } from '../../../fixtures/temporary-folder.js'

const { signal } = new AbortController()

const place = () => join(temporaryFolder(), 'temporary', 'exchange')

describe('the exchange with GitHub’s cache', () => {
  it('begins without its folder, and leaves nothing', async () => {
    const folder = place()
    mkdirSync(folder, { recursive: true })
    writeFileSync(join(folder, 'left by a killed run'), '')
    const there = await withExchange(folder, signal, async () => {
      const before = existsSync(folder)
      mkdirSync(folder)
      return before
    })
    expect(there).toBe(false)
    expect(existsSync(folder)).toBe(false)
    expect(existsSync(`${folder}.lock`)).toBe(false)
  })

  it('is that of one program at a time', async () => {
    const folder = place()
    const first = gate<string>()
    const working = withExchange(folder, signal, () => first.promise)
    while (!existsSync(`${folder}.lock`)) await new Promise(resolve => setImmediate(resolve))
    expect(await withExchange(folder, signal, async () => 'second')).toBeUndefined()
    first.open('first')
    expect(await working).toBe('first')
    expect(await withExchange(folder, signal, async () => 'third')).toBe('third')
  })

  it('fails as the work does, and is free again', async () => {
    const folder = place()
    const failing = withExchange(folder, signal, () => Promise.reject(new Error('why')))
    await expect(failing).rejects.toThrow('why')
    expect(await withExchange(folder, signal, async () => 'next')).toBe('next')
  })

  it('is nobody’s after work that was given up, which may write there later', async () => {
    const folder = place()
    const end = new AbortController()
    await withExchange(folder, end.signal, async () => end.abort())
    expect(await withExchange(folder, signal, async () => 'next')).toBeUndefined()
  })
})
