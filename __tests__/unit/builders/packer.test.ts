import { describe, expect, it } from 'vitest'
import type { BuildSite } from '../../../src/builders/builder.js'
import { packerBuilder } from '../../../src/builders/packer.js'
import { aBuildSite } from '../../fixtures/fake-ports.js'
import { anImage, aPlannedImage } from '../../fixtures/image.js'

const image = anImage({ builder: 'packer', tags: ['acme/base:1'] })
const { command } = aPlannedImage({ image })
const invocation = (overrides: Partial<BuildSite> = {}) =>
  packerBuilder.invocation({
    image,
    command,
    site: aBuildSite({ env: { PATH: '/bin', HOME: '/home/u' }, ...overrides }),
    fresh: false
  })

describe('a call of packer', () => {
  it('is what the manifest asks for, by the Packer that was found, for machines to read', () => {
    expect(invocation().command).toEqual({
      tool: '/tools/packer',
      args: ['build', '-machine-readable', image.file],
      cwd: '/project'
    })
  })

  it('finds our docker before any other, and asks no server for its news', () => {
    expect(invocation().env).toEqual({
      PATH: '/shim/bin:/bin',
      HOME: '/home/u',
      PWD: expect.stringMatching(/^\//),
      CHECKPOINT_DISABLE: '1'
    })
  })

  it('has a plugin folder only where it is not its own', () => {
    expect(invocation({ pluginPath: '/plugins' }).env.PACKER_PLUGIN_PATH).toBe('/plugins')
  })

  it('shows text, and tells what it made', () => {
    const { decode, rest, produced } = invocation()
    decode(Buffer.from('1,docker,artifact,0,string,Imported Docker image: a:1 with tags a:1\n'))
    expect(decode(Buffer.from('1,,ui,say,done\n1,,ui,say,la')).toString()).toBe('done\n')
    expect(rest().toString()).toBe('la\n')
    expect(produced()).toEqual({ tags: ['a:1'], imageIds: [] })
  })

  it('reads the output of each call apart', () => {
    const [one, other] = [invocation(), invocation()]
    one.decode(Buffer.from('1,docker,artifact,0,string,Imported Docker image: a:1\n1,,ui'))
    expect(other.produced().tags).toEqual([])
    expect(other.rest()).toHaveLength(0)
  })
})
