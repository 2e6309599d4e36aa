import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { packerFixes } from '../../../src/builders/packer-fix.js'
import { formatProblem } from '../../../src/errors.js'

const told = (before: unknown, after: unknown) =>
  packerFixes({
    path: 'app.json',
    text: JSON.stringify(before, null, 2),
    fixed: JSON.stringify(after, null, 4)
  }).map(formatProblem)

describe('what packer fix writes', () => {
  test('is told with the place of what it replaces', () => {
    const before = { builders: [{ type: 'docker', ssh_key_path: '/k' }] }
    const after = { builders: [{ ssh_private_key_file: '/k', type: 'docker' }] }
    expect(told(before, after)).toEqual([
      'app.json:5:7: "ssh_key_path": "/k" is of an older Packer: packer fix writes "ssh_private_key_file": "/k"'
    ])
  })

  test('is found where a text becomes a list of one', () => {
    const before = { 'post-processors': [[{ repository: 'a', tag: '1' }]] }
    const after = { 'post-processors': [[{ repository: 'a', tags: ['1'] }]] }
    expect(told(before, after)).toEqual([
      'app.json:6:9: "tag": "1" is of an older Packer: packer fix writes "tags": ["1"]'
    ])
  })

  test('is told apart where several settings of one block have new names', () => {
    const before = { builders: [{ a: '1', b: ['x', 'y'], c: true }] }
    const after = { builders: [{ new_b: ['x', 'y'], new_a: '1' }] }
    expect(told(before, after).map(line => line.replace(/.*: packer fix/, 'packer fix'))).toEqual([
      'packer fix writes "new_a": "1"',
      'packer fix writes "new_b": ["x","y"]',
      'packer fix leaves it out'
    ])
  })

  test('is told where a setting keeps its name', () => {
    const line = told({ builders: [{ disk_size: 40 }] }, { builders: [{ disk_size: '40M' }] })[0]
    expect(line).toContain('packer fix writes "disk_size": "40M"')
  })

  test('is nothing where it only adds, or writes another order and other spaces', () => {
    expect(told({ a: [{ b: 1, c: 2 }] }, { a: [{ c: 2, d: [], b: 1 }] })).toEqual([])
    fc.assert(
      fc.property(fc.jsonValue(), value => {
        expect(told(value, value)).toEqual([])
      })
    )
  })

  test('is nothing where a text is only escaped in another way', () => {
    const text = '{"a": "caf\\u00e9 <", "b": 1.0}'
    expect(packerFixes({ path: 'a', text, fixed: '{"a": "café \\u003c", "b": 1}' })).toEqual([])
  })

  test('is nothing where either text is no JSON', () => {
    expect(packerFixes({ path: 'a', text: '{', fixed: '{}' })).toEqual([])
    expect(packerFixes({ path: 'a', text: '{}', fixed: 'Error' })).toEqual([])
  })
})
