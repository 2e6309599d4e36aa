import { resolve } from 'node:path'
import { type DockerArguments, readDockerArguments } from '../builders/docker-arguments.js'
import type { BaseReading } from '../chain/bases.js'
import { readDockerfile } from '../chain/dockerfile.js'
import type { DockerfileReading } from '../chain/dockerfile-reading.js'
import type { Image, Warning } from '../manifest/image.js'
import { dockerfileInputs } from './dockerfile-inputs.js'
import type { ReadImage, ReadRequest } from './read-image.js'

/** An image's Dockerfile with the arguments that it is built with. */
export interface ReadDockerfile {
  readonly image: Image
  readonly text: string
  readonly reading: DockerfileReading
  readonly given: DockerArguments
  /** The environment of builders. */
  readonly env: Readonly<Record<string, string>>
  /** What is built for: asked for, or the daemon's own. */
  readonly platform: string
}

/** `--build-arg` as the builder gets them: one without a value takes it from the environment. */
function buildArguments(given: DockerArguments, env: ReadRequest['env']): Map<string, string> {
  const filled = [...given.buildArguments].map(
    ([name, value]) => [name, value ?? env[name]] as const
  )
  return new Map(filled.filter((entry): entry is [string, string] => entry[1] !== undefined))
}

const isBuildKit = (env: ReadRequest['env']) => env.DOCKER_BUILDKIT === '1'

/** The classic builder goes through every stage, so each of their bases has to be there. */
function basesOf({ reading, given, env }: ReadDockerfile): BaseReading {
  const counts = ({ reachable, from }: { reachable: boolean; from: string }) =>
    reachable || (!isBuildKit(env) && from !== 'ONBUILD' && from !== 'syntax')
  const uses = reading.bases.filter(counts).flatMap(base => {
    const context = given.contexts.get(base.reference)
    if (context === undefined) return [{ ...base, isNeeded: base.reachable }]
    const image = /^docker-image:\/\/(.+)/.exec(context)?.[1]
    return image ? [{ ...base, reference: image, isNeeded: base.reachable }] : []
  })
  return {
    bases: uses
      .filter(({ from }) => from !== 'syntax')
      .map(({ reference, line, isNeeded }) => ({ reference, line, isNeeded })),
    unseen: reading.unresolved
      .filter(counts)
      .map(({ from, written, line }) => `line ${line}: ${from} ${written} cannot be resolved`)
  }
}

function publishing(image: Image): Warning {
  return {
    message: `${image.id} publishes by itself, in the middle of a run: its arguments push`,
    file: image.manifest,
    position: image.position
  }
}

/** Reads the Dockerfile of an image. */
export async function readDockerfileImage(
  image: Image,
  { command, env, files, platform: own }: ReadRequest
): Promise<ReadImage> {
  const given = readDockerArguments(command.args)
  const text = await files.readText(image.file)
  const platform = given.platform ?? env.DOCKER_DEFAULT_PLATFORM ?? own
  const reading = readDockerfile(text, {
    buildArguments: buildArguments(given, env),
    platform,
    buildPlatform: own,
    target: given.target,
    builder: env.DOCKER_BUILDKIT === '0' ? 'classic' : 'buildkit'
  })
  const read: ReadDockerfile = { image, text, reading, given, env, platform }
  return {
    image,
    bases: basesOf(read),
    warnings: given.publishes ? [publishing(image)] : [],
    takeIn: (look, onbuild) => dockerfileInputs(read, look, onbuild),
    onbuild: reading.onbuild
  }
}

/** Folders of further contexts that the build can see, absolute. */
export function contextFolders({ image, given }: ReadDockerfile): readonly string[] {
  return [...given.contexts.values()]
    .filter(value => !/^[a-z][a-z0-9+-]*:\/\//.test(value))
    .map(value => resolve(image.workingDirectory, value))
}
