import type { Builder } from './builder.js'

const withoutCache = ([verb = 'build', ...rest]: readonly string[]) => [verb, '--no-cache', ...rest]

const asIs = (chunk: Buffer) => chunk

/** `docker build` by the daemon itself, classic or BuildKit, as the daemon and the environment have it. */
export const dockerfileBuilder: Builder = {
  type: 'dockerfile',
  invocation: ({ image, command, site, fresh }) => ({
    command: fresh ? { ...command, args: withoutCache(command.args) } : command,
    // A builder in a container of its own would see none of the daemon's images.
    env: { ...site.env, BUILDX_BUILDER: site.dockerContext },
    decode: asIs,
    rest: () => Buffer.alloc(0),
    produced: () => ({ tags: image.tags, imageIds: [] })
  })
}
