import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { parsePluginMode } from '../../../src/packer/plugin-source.js'

describe('packer-plugins', () => {
  it('is auto or none, alone', () => {
    expect(parsePluginMode([])).toBe('auto')
    expect(parsePluginMode(['auto'])).toBe('auto')
    expect(parsePluginMode(['none'])).toBe('none')
    expect(() => parsePluginMode(['none', 'github.com/hashicorp/docker'])).toThrow('stands alone')
  })

  it('is a list of sources with or without a constraint', () => {
    expect(parsePluginMode(['github.com/hashicorp/docker@>=1.1.2', 'github.com/rgl/git'])).toEqual([
      { source: 'github.com/hashicorp/docker', constraint: '>=1.1.2' },
      { source: 'github.com/rgl/git', constraint: '' }
    ])
  })

  it('keeps a constraint together that the list was parted in', () => {
    const items = 'github.com/hashicorp/docker@>=1.1.2, <2, github.com/hashicorp/ansible'.split(',')
    expect(parsePluginMode(items.map(item => item.trim()))).toEqual([
      { source: 'github.com/hashicorp/docker', constraint: '>=1.1.2,<2' },
      { source: 'github.com/hashicorp/ansible', constraint: '' }
    ])
  })

  it.each(['docker', 'hashicorp/docker', 'https://github.com/hashicorp/docker', '<2', 'a/../c'])(
    'refuses %s with an example of what is right',
    item => {
      expect(() => parsePluginMode([item])).toThrow('is not the source of a plugin')
    }
  )

  it('refuses a constraint that Packer does not know', () => {
    expect(() => parsePluginMode(['github.com/hashicorp/docker@^1'])).toThrow('^1')
  })

  it('gives only sources that stay inside the folder they are put in', () => {
    fc.assert(
      fc.property(fc.stringMatching(/^[a-z./@-]{1,24}$/), item => {
        let mode: ReturnType<typeof parsePluginMode> = []
        try {
          mode = parsePluginMode([item])
        } catch {
          return
        }
        if (typeof mode === 'string') return
        for (const { source } of mode) {
          expect(source.split('/').every(part => part !== '' && !/^\.+$/.test(part))).toBe(true)
        }
      })
    )
  })
})
