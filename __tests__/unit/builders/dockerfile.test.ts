import { describe, expect, it } from 'vitest'
import { dockerfileBuilder } from '../../../src/builders/dockerfile.js'
import { aBuildSite } from '../../fixtures/fake-ports.js'
import { anImage, aPlannedImage } from '../../fixtures/image.js'

const image = anImage({ tags: ['acme/app:1', 'acme/app:2'] })
const { command } = aPlannedImage({ image })
const site = aBuildSite({
  env: { PATH: '/bin', DOCKER_BUILDKIT: '1', BUILDX_BUILDER: 'in-a-container' },
  dockerContext: 'desktop'
})
const invocation = (fresh: boolean) => dockerfileBuilder.invocation({ image, command, site, fresh })

describe('a call of docker', () => {
  it('is what the manifest asks for', () => {
    expect(invocation(false).command).toEqual(command)
  })

  it("uses the builder of the daemon itself, since another sees none of the daemon's images", () => {
    expect(invocation(false).env).toEqual({
      PATH: '/bin',
      DOCKER_BUILDKIT: '1',
      BUILDX_BUILDER: 'desktop'
    })
  })

  it('uses no cache where the image is to be fresh', () => {
    expect(invocation(true).command).toEqual({
      ...command,
      args: ['build', '--no-cache', ...command.args.slice(1)]
    })
  })

  it('writes the id of what it makes to the file that it is given', () => {
    const { args } = dockerfileBuilder.invocation({
      image,
      command,
      site,
      fresh: false,
      idFile: '/tmp/id'
    }).command
    expect(args).toEqual(['build', '--iidfile', '/tmp/id', ...command.args.slice(1)])
  })

  it.each([[['--iidfile', 'own']], [['--iidfile=own']]])(
    'leaves the id to the file of the user: %j',
    words => {
      const own = { ...command, args: ['build', ...words, '/project'] }
      const request = { image, command: own, site, fresh: false, idFile: '/tmp/id' }
      expect(dockerfileBuilder.invocation(request).command).toEqual(own)
    }
  )

  it('leaves out --squash where the daemon cannot do it, and nothing else', () => {
    const args = ['build', '--squash', '-t', 'acme/app:1', '/project']
    const squashing = { image, command: { ...command, args }, fresh: false }
    const argsOf = (canSquash: boolean) =>
      dockerfileBuilder.invocation({ ...squashing, site: aBuildSite({ canSquash }) }).command.args
    expect(argsOf(true)).toEqual(args)
    expect(argsOf(false)).toEqual(['build', '-t', 'acme/app:1', '/project'])
  })

  it('shows the output as it is', () => {
    const { decode, rest } = invocation(false)
    const piece = Buffer.from([0xff, 0x0a, 0x31])
    expect(decode(piece)).toEqual(piece)
    expect(rest()).toHaveLength(0)
  })

  it('makes all tags of the image, and tells no id', () => {
    expect(invocation(false).produced()).toEqual({ tags: image.tags, imageIds: [] })
  })
})
