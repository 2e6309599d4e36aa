import { afterEach, describe, expect, it, vi } from 'vitest'
import { COMMANDS } from '../../../src/flags.js'
import { FLAGS, INPUTS } from '../../../src/option-table.js'
import { helpText, versionText } from '../../../src/report/help-text.js'

afterEach(() => {
  vi.unstubAllGlobals()
})

describe('the help', () => {
  const lines = helpText()
    .replace(/\n {4,}/g, ' ')
    .split('\n')

  it('has a line for each option, with its default', () => {
    for (const { name, kind, shownDefault } of [...INPUTS, ...FLAGS]) {
      if (name === 'command') continue
      const flag = kind === 'boolean' ? `--[no-]${name}` : `--${name}`
      const line = lines.find(each => each.trim().split(/\s/)[0] === flag)
      expect(line, name).toContain(`(${shownDefault.replaceAll('`', '')})`)
    }
  })

  it('names every command', () => {
    for (const command of COMMANDS) {
      expect(
        lines.some(line => line.startsWith(`  ${command} `)),
        command
      ).toBe(true)
    }
  })

  it('has no signs that only a document understands', () => {
    expect(helpText()).not.toContain('`')
  })
})

describe('the version', () => {
  it('is that of the package', () => {
    vi.stubGlobal('BUILD_CHAIN_VERSION', '1.2.3')
    expect(versionText()).toBe('build-chain 1.2.3\n')
  })
})
