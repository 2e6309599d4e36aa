import { describe, expect, it } from 'vitest'
import { platformOf } from '../../../src/packer/platform.js'

describe('a machine', () => {
  it.each([
    ['linux', 'x64', 'linux', 'amd64', ''],
    ['linux', 'arm64', 'linux', 'arm64', ''],
    ['linux', 'arm', 'linux', 'arm', ''],
    ['linux', 'ia32', 'linux', '386', ''],
    ['darwin', 'arm64', 'darwin', 'arm64', ''],
    ['win32', 'x64', 'windows', 'amd64', '.exe'],
    ['win32', 'ia32', 'windows', '386', '.exe'],
    ['freebsd', 'x64', 'freebsd', 'amd64', '']
  ])(
    '%s on %s is called %s_%s on the release server',
    (system, arch, os, releaseArch, extension) => {
      expect(platformOf(system, arch)).toEqual({ os, arch: releaseArch, nodeArch: arch, extension })
    }
  )

  it('that HashiCorp publishes nothing for is told so', () => {
    expect(() => platformOf('aix', 'ppc')).toThrow('no Packer for aix on ppc')
  })
})
