import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import {
  fillTemplate,
  isJsonTemplate,
  type TemplateValues,
  templateProblems
} from '../../../src/builders/packer-template.js'

const VALUES: TemplateValues = {
  version: '1.0',
  name: 'app',
  ansibleFolder: '.ansible',
  saltFolder: 'salt',
  dockerFolder: 'docker'
}

describe('a template with placeholders', () => {
  it('gets the values wherever a placeholder stands', () => {
    const text =
      '__NAME__:__VERSION__ __NAME__ __ANSIBLE_FOLDER/x __SALT_FOLDER __DOCKER_FOLDER/provision.sh'
    expect(fillTemplate(text, VALUES)).toBe('app:1.0 app .ansible/x salt docker/provision.sh')
  })

  it('keeps all else to the byte: line ends, tabs, a byte order mark, no last line end', () => {
    const text = '\uFEFF{\r\n\t"a": "__VERSION",\n"b": "{{user `x`}} $& $1 é"}'
    expect(fillTemplate(text, VALUES)).toBe(text)
  })

  it('takes a value for text, though it looks like a pattern of a replacement', () => {
    expect(fillTemplate('<__NAME__>', { ...VALUES, name: "$& $' $$" })).toBe("<$& $' $$>")
  })

  it('is the same again where it has no placeholder', () => {
    fc.assert(
      fc.property(
        fc.string().filter(text => !text.includes('__')),
        text => {
          expect(fillTemplate(text, VALUES)).toBe(text)
        }
      )
    )
  })
})

describe('what comes out', () => {
  it('is told where it is not what Packer reads, with line and column', () => {
    expect(templateProblems('packer/a.json', '{\n  "a": 1,\n}')).toMatchObject([
      { place: { file: 'packer/a.json', position: { line: 3 } } }
    ])
    expect(templateProblems('packer/a.json', '{}')).toEqual([])
  })

  it.each([
    ['a.json', true],
    ['a.pkr.json', false],
    ['a.pkr.hcl', false],
    ['folder', false]
  ])('%s is a JSON template: %s', (path, expected) => {
    expect(isJsonTemplate(path)).toBe(expected)
  })
})
