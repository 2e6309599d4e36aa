import { describe, expect, it } from 'vitest'
import { followLayers } from '../../../src/builders/classic-layers.js'

const [BASE, FIRST, SECOND] = ['aaaaaaaaaaaa', 'bbbbbbbbbbbb', 'cccccccccccc']

const OUTPUT = `Step 1/4 : FROM base
 ---> ${BASE}
Step 2/4 : RUN first
 ---> Using cache
 ---> ${FIRST}
Step 3/4 : RUN second
 ---> Running in dddddddddddd
Removing intermediate container dddddddddddd
 ---> ${SECOND}
Step 4/4 : RUN echo " ---> ${BASE}"; exit 3
 ---> Running in eeeeeeeeeeee
 ---> ${BASE}
The command returned a non-zero code: 3
`

describe('the output of the classic builder', () => {
  it('tells the step that failed and the layer before it, in whatever pieces it comes', () => {
    for (const size of [1, 7, 50, OUTPUT.length]) {
      const layers = followLayers()
      for (let at = 0; at < OUTPUT.length; at += size) {
        const piece = Buffer.from(OUTPUT.slice(at, at + size))
        expect(layers.decode(piece)).toBe(piece)
      }
      expect(layers.failed()).toEqual({ step: `RUN echo " ---> ${BASE}"; exit 3`, layer: SECOND })
    }
  })

  it('tells of no layer before the first, and of nothing where no step was begun', () => {
    const layers = followLayers()
    expect(layers.failed()).toBeUndefined()
    layers.decode(Buffer.from('Step 1/1 : FROM missing\npull access denied\n'))
    expect(layers.failed()).toEqual({ step: 'FROM missing', layer: undefined })
  })

  it('is a line of its own, whatever a step prints that is like one', () => {
    const noise = [
      'x Step 9/9 : RUN not',
      `x ---> ${FIRST}`,
      `  ---> ${FIRST}`,
      `\r ---> ${FIRST}`,
      `Step 9/9 : RUN not\rx`,
      'Step 9 of 9 : RUN not'
    ].join('\n')
    const text = `Step 1/2 : FROM base\n ---> ${BASE}\n${noise}\nStep 2/2 : RUN second\n${noise}\n`
    for (const size of [1, 5, text.length]) {
      const layers = followLayers()
      for (let at = 0; at < text.length; at += size) {
        layers.decode(Buffer.from(text.slice(at, at + size)))
      }
      expect(layers.failed()).toEqual({ step: 'RUN second', layer: BASE })
    }
  })

  it('may end its lines as Windows does', () => {
    const layers = followLayers()
    layers.decode(Buffer.from(OUTPUT.replaceAll('\n', '\r\n')))
    expect(layers.failed()?.layer).toBe(SECOND)
  })
})
