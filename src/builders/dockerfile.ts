import { SQUASH } from './arguments.js'
import type { Builder, InvocationRequest } from './builder.js'
import { followLayers } from './classic-layers.js'
import { temporaryVariables } from './temporary.js'

const ID_FILE = '--iidfile'

/** One that the user asks for is the user's: docker writes to the last. */
const hasIdFile = (args: readonly string[]) =>
  args.some(word => word === ID_FILE || word.startsWith(`${ID_FILE}=`))

function argumentsFor({ command, site, fresh, idFile }: InvocationRequest): string[] {
  const { args } = command
  const [verb = 'build', ...rest] = site.canSquash ? args : args.filter(word => word !== SQUASH)
  const own = idFile === undefined || hasIdFile(args) ? [] : [ID_FILE, idFile]
  // The classic builder would leave the container of a failed step, which nobody could tell from others.
  const tidy = site.keepFailed && !site.isBuildKit ? ['--force-rm'] : []
  return [verb, ...(fresh ? ['--no-cache'] : []), ...tidy, ...own, ...rest]
}

/** `docker build` by the daemon itself, classic or BuildKit, as the daemon and the environment have it. */
export const dockerfileBuilder: Builder = {
  type: 'dockerfile',
  writesIdFile: true,
  invocation: request => {
    const { keepFailed, isBuildKit } = request.site
    const layers = keepFailed && !isBuildKit ? followLayers() : undefined
    return {
      command: { ...request.command, args: argumentsFor(request) },
      // A builder in a container of its own would see none of the daemon's images.
      env: {
        ...request.site.env,
        ...temporaryVariables(request.site.temporary, request.command.args),
        BUILDX_BUILDER: request.site.dockerContext
      },
      decode: layers?.decode ?? (chunk => chunk),
      rest: () => Buffer.alloc(0),
      produced: () => ({ tags: request.image.tags, imageIds: [] }),
      left: () => ({ containers: [], step: layers?.failed() })
    }
  }
}
