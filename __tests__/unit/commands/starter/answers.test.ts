import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import {
  nameFrom,
  proposeTag,
  readAnswers,
  tagProblem
} from '../../../../src/commands/starter/answers.js'
import { starterTags } from '../../../../src/commands/starter/starter-manifest.js'
import { parseReference } from '../../../../src/manifest/reference.js'

const read = (tag: string, base = 'debian:12') => readAnswers({ tag, base, systemd: true })

describe('the answers', () => {
  it('make three tags of one, with its registry, its path and its version', () => {
    expect(starterTags(read('ghcr.io/acme/web:1.0'))).toEqual({
      base: 'ghcr.io/acme/web-base:1.0',
      packer: 'ghcr.io/acme/web:1.0',
      app: 'ghcr.io/acme/web-app:1.0'
    })
    expect(starterTags(read('localhost:5000/web')).packer).toBe('localhost:5000/web:latest')
  })

  it('are refused together where they are no references', () => {
    const digest = `acme/web@sha256:${'0'.repeat(64)}`
    for (const tag of ['Acme/Web:1', 'acme/web:', 'a b', digest]) {
      expect(() => read(tag, 'debian:12:3')).toThrow(
        expect.objectContaining({
          code: 'OPTIONS_INVALID',
          problems: [{}, {}].map(() => expect.anything())
        })
      )
    }
  })
})

describe('a proposed tag', () => {
  it.each([
    ['shop', 'shop:1.0'],
    ['setups.Postgres SQL', 'postgres-sql:1.0'],
    ['…', 'app:1.0']
  ])('for the folder %s is %s', (folder, tag) => expect(proposeTag(folder)).toBe(tag))

  it('can be taken whatever the folder is called', () => {
    fc.assert(
      fc.property(
        fc.string({ unit: 'grapheme' }),
        text => tagProblem(proposeTag(text)) === undefined
      )
    )
    fc.assert(fc.property(fc.string(), text => typeof parseReference(nameFrom(text)) === 'object'))
  })
})
