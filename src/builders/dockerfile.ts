import { SQUASH } from './arguments.js'
import type { Builder } from './builder.js'

function argumentsFor(args: readonly string[], fresh: boolean, canSquash: boolean): string[] {
  const [verb = 'build', ...rest] = canSquash ? args : args.filter(word => word !== SQUASH)
  return [verb, ...(fresh ? ['--no-cache'] : []), ...rest]
}

const asIs = (chunk: Buffer) => chunk

/** `docker build` by the daemon itself, classic or BuildKit, as the daemon and the environment have it. */
export const dockerfileBuilder: Builder = {
  type: 'dockerfile',
  invocation: ({ image, command, site, fresh }) => ({
    command: { ...command, args: argumentsFor(command.args, fresh, site.canSquash) },
    // A builder in a container of its own would see none of the daemon's images.
    env: { ...site.env, BUILDX_BUILDER: site.dockerContext },
    decode: asIs,
    rest: () => Buffer.alloc(0),
    produced: () => ({ tags: image.tags, imageIds: [] })
  })
}
