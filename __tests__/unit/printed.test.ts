import { describe, expect, it } from 'vitest'
import { keepPrinted } from '../../src/printed.js'

describe('what a process printed', () => {
  it('is kept although the memory of each piece is used again', () => {
    const { onOutput, text } = keepPrinted()
    const memory = Buffer.alloc(5)
    for (const word of ['first', 'later']) {
      memory.write(word)
      onOutput(memory)
    }
    expect(text()).toBe('firstlater')
  })

  it('is kept up to so many pieces', () => {
    const { onOutput, text } = keepPrinted(2)
    for (const word of ['a', 'b', 'c']) onOutput(Buffer.from(word))
    expect(text()).toBe('ab')
  })

  it('is an empty text where there is nothing', () => {
    expect(keepPrinted().text()).toBe('')
  })
})
