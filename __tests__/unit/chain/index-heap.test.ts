import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { IndexHeap } from '../../../src/chain/index-heap.js'

describe('IndexHeap', () => {
  it('has nothing to give at first', () => {
    expect(new IndexHeap().pop()).toBeUndefined()
  })

  it('gives the smallest of what is in it, whatever is put in and taken out between', () => {
    const step = fc.oneof(fc.nat({ max: 50 }), fc.constant('pop' as const))
    fc.assert(
      fc.property(fc.array(step, { maxLength: 200 }), steps => {
        const heap = new IndexHeap()
        let model: number[] = []
        for (const each of steps) {
          if (each === 'pop') {
            expect(heap.pop()).toBe(model[0])
            model = model.slice(1)
          } else {
            heap.push(each)
            model = [...model, each].sort((a, b) => a - b)
          }
        }
        for (const left of model) expect(heap.pop()).toBe(left)
        expect(heap.pop()).toBeUndefined()
      })
    )
  })
})
