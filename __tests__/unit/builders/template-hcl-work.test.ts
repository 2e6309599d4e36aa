import { describe, expect, it } from 'vitest'
import { callPure } from '../../../src/builders/template-hcl-functions.js'
import { type Cty, ctyString } from '../../../src/builders/template-hcl-value.js'
import { processorTime } from '../../fixtures/processor-time.js'
import { dockerSource, readHcl, shown } from './template-support.js'

const call = (name: string, ...args: readonly Cty[]) => callPure(name, args, '/project')
const texts = (count: number, text: string): Cty => ({
  kind: 'list',
  items: Array<Cty>(count).fill(ctyString(text))
})

describe('a function of an HCL template', () => {
  it.each([
    ['join', [ctyString('-'.repeat(3_000)), texts(2_000, '')]],
    ['join', [ctyString(''), texts(2_000, 'x'.repeat(3_000))]],
    ['replace', [ctyString('a'.repeat(2_000)), ctyString('a'), ctyString('b'.repeat(3_000))]]
  ])('makes no text that is larger than what is read: %s', (name, args) => {
    expect(call(name, ...args).kind).toBe('unknown')
  })

  it.each([
    ['join', [ctyString('--'), texts(3, 'a')], 'a--a--a'],
    ['join', [ctyString('--'), texts(0, '')], ''],
    ['replace', [ctyString('abab'), ctyString('a'), ctyString('$&')], '$&b$&b']
  ])('makes one that is not: %s', (name, args, text) => {
    expect(call(name, ...args)).toEqual({ kind: 'string', text })
  })

  it.each(['dirname', 'abspath'])('takes no text for a path that is longer than any: %s', name => {
    expect(call(name, ctyString(`${'x/../'.repeat(1_000)}a`)).kind).toBe('unknown')
  })

  it('reads no file whose path is longer than any', async () => {
    const { inputs } = await readHcl(dockerSource(`image = file("${'x/../'.repeat(1_000)}a")`))
    expect(inputs.filter(({ because }) => because === 'function file')).toMatchObject([
      { path: { known: false } }
    ])
  })

  it('compares a long text with many in no more time than a short one', () => {
    const list = texts(50_000, '')
    const short = processorTime(() => call('contains', list, ctyString('x')))
    const long = processorTime(() => call('contains', list, ctyString('x'.repeat(20_000))))
    expect(long).toBeLessThan(20 * short)
  })

  it('trims many characters in little more time than few', () => {
    const text = ctyString('b'.repeat(100_000))
    const trim = (others: number) => () => call('trim', text, ctyString(`${'a'.repeat(others)}b`))
    expect(processorTime(trim(90_000))).toBeLessThan(20 * processorTime(trim(20)))
  })
})

describe('a text of an HCL template', () => {
  it('is not put in order where it has thousands of marks on one character', () => {
    expect(ctyString(`a${'\u0301\u0316'.repeat(100)}`).kind).toBe('unknown')
    expect(ctyString('e\u0301'.repeat(1_000))).toEqual({ kind: 'string', text: 'é'.repeat(1_000) })
  })

  it('may have more indented lines than a function has arguments', async () => {
    const source = dockerSource(`image = <<-E\n${'  a\n'.repeat(150_000)}  E\n`)
    expect((await readHcl(source)).builders).toHaveLength(1)
  })
})

it('is given up where its loops go over hundreds of thousands of elements', async () => {
  const builders = async (count: number) => {
    const loops = Array.from({ length: 15 }, (_, at) => `a${at} = [for x in local.l : 1 if false]`)
    const lengths = loops.map((_, at) => `\${length(local.a${at})}`).join('')
    const locals = `locals {\n  l = [${Array(count).fill(1)}]\n${loops.join('\n')}\n}\n`
    return (await readHcl(dockerSource(`image = "${lengths}"`, '', locals))).builders
  }
  expect(shown([(await builders(1_000))[0]?.image])).toEqual(['0'.repeat(15)])
  expect(await builders(30_000)).toEqual([])
})
