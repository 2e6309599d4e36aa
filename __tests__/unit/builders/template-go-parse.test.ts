import { describe, expect, it } from 'vitest'
import { parseGoTemplate } from '../../../src/builders/template-go-parse.js'

const nested = (depth: number) => `{{${'upper ('.repeat(depth)}user${')'.repeat(depth)}}}`

describe('a Go template', () => {
  it('is read with groups in groups', () => {
    expect(parseGoTemplate(nested(20))).toHaveLength(3)
  })

  it('is not read where groups hold one another without end', () => {
    expect(parseGoTemplate(nested(50_000))).toBeUndefined()
  })
})
