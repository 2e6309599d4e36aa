import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { csvFields } from '../../../src/builders/csv.js'
import { readDockerArguments } from '../../../src/builders/docker-arguments.js'

describe('a value of several fields', () => {
  it.each([
    ['type=local,dest=out', ['type=local', 'dest=out']],
    ['"id=x","src=a,b"', ['id=x', 'src=a,b']],
    ['id=x,"src=a ""b"""', ['id=x', 'src=a "b"']],
    ['a,,b,', ['a', '', 'b', '']],
    ['', ['']],
    ['"left open, a', ['left open, a']]
  ])('%j is read as Go reads a record of CSV', (text, fields) => {
    expect(csvFields(text)).toEqual(fields)
  })

  it('gives back what was written, whatever it is', () => {
    const written = (field: string) => `"${field.replaceAll('"', '""')}"`
    fc.assert(
      fc.property(fc.array(fc.string(), { minLength: 1 }), fields => {
        expect(csvFields(fields.map(written).join(','))).toEqual(fields)
      })
    )
  })

  it.each([
    ['id=x,"src=s.txt"', { id: 'x', file: 's.txt' }],
    ['id=x,SRC=s.txt', { id: 'x', file: 's.txt' }],
    ['ID=y,ENV=PLAIN', { id: 'y', variable: 'PLAIN' }]
  ])('names a secret: %s', (value, secret) => {
    const { secrets } = readDockerArguments(['build', '--secret', value, '.'])
    expect(secrets).toMatchObject([secret])
  })
})
