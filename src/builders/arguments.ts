import type { Image } from '../manifest/image.js'
import type { Command } from '../ports.js'

/** What a run asks of every build, besides what the image itself asks. */
export interface BuildRequest {
  /** Arguments added to every build, already split into words. */
  readonly builderArguments: readonly string[]
  /** `docker build --squash`. */
  readonly squash: boolean
}

/** https://docs.docker.com/reference/cli/docker/build-legacy/#squash */
export const SQUASH = '--squash'

const pairs = (flag: string, image: Image): string[] =>
  image.buildArguments.flatMap(([name, value]) => [flag, `${name}=${value}`])

function dockerArguments(image: Image, request: BuildRequest): string[] {
  return [
    'build',
    ...request.builderArguments,
    ...(request.squash ? [SQUASH] : []),
    ...image.extraArguments,
    ...pairs('--build-arg', image),
    '-f',
    image.file,
    ...image.tags.flatMap(tag => ['-t', tag]),
    image.workingDirectory
  ]
}

function packerArguments(image: Image, request: BuildRequest): string[] {
  return [
    'build',
    ...request.builderArguments,
    ...image.extraArguments,
    ...pairs('-var', image),
    image.file
  ]
}

/** The builder call that the manifest asks for, to the letter of docs/manifest.md. */
export function builderCommand(image: Image, request: BuildRequest): Command {
  const docker = image.builder === 'dockerfile'
  return {
    tool: docker ? 'docker' : 'packer',
    args: docker ? dockerArguments(image, request) : packerArguments(image, request),
    cwd: image.workingDirectory
  }
}
