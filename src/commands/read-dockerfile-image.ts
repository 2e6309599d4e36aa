import { type DockerArguments, readDockerArguments } from '../builders/docker-arguments.js'
import type { BaseReading } from '../chain/bases.js'
import { textOfBytes } from '../chain/byte-text.js'
import type { BaseConfig } from '../chain/dockerfile.js'
import type { DockerfileBase } from '../chain/dockerfile-reading.js'
import type { GivenArguments } from '../chain/dockerfile-scope.js'
import type { Image, Warning } from '../manifest/image.js'
import { normaliseReference } from '../manifest/reference.js'
import { contextsOf, type DockerContext } from './docker-contexts.js'
import { dockerfileInputs } from './dockerfile-inputs.js'
import { type BothReadings, isBuildKit, readBothWays } from './dockerfile-readings.js'
import { NO_TRIGGERS, type ReadImage, type ReadRequest, type Triggers } from './read-image.js'

/** An image's Dockerfile with the arguments that it is built with. */
export interface ReadDockerfile {
  readonly image: Image
  readonly bytes: Uint8Array
  readonly reading: BothReadings
  readonly given: DockerArguments
  readonly contexts: readonly DockerContext[]
  /** The environment of builders. */
  readonly env: Readonly<Record<string, string>>
  /** What is built for: asked for, or the daemon's own. */
  readonly platform: string
}

/** `--build-arg` as the builder gets them: one without a value takes it from the environment. */
function buildArguments(given: DockerArguments, env: ReadRequest['env']): GivenArguments {
  if (given.buildArguments.size === 0) return given.buildArguments
  const filled = [...given.buildArguments].map(
    ([name, value]) => [name, value ?? (Object.hasOwn(env, name) ? env[name] : undefined)] as const
  )
  return new Map(filled.filter((entry): entry is [string, string] => entry[1] !== undefined))
}

/** The image that a base stands for, normalised; undefined where a further context takes its place. */
function imageOf(reference: string, contexts: readonly DockerContext[]): string | undefined {
  const name = normaliseReference(reference)
  const context = contexts.find(each => normaliseReference(each.name) === name)
  if (!context) return name
  return context.image === undefined ? undefined : normaliseReference(context.image)
}

/** The classic builder goes through every stage, so each of their bases has to be there. */
function basesOf({ reading, contexts, env }: ReadDockerfile): BaseReading {
  const counts = ({ reachable, from }: { reachable: boolean; from: string }) =>
    reachable || (isBuildKit(env) !== true && from !== 'ONBUILD' && from !== 'syntax')
  const uses = reading.bases
    .filter(base => counts(base) && base.from !== 'syntax')
    .flatMap(({ reference, line, reachable }) =>
      imageOf(reference, contexts) === undefined ? [] : [{ reference, line, isNeeded: reachable }]
    )
  const replaced = uses.filter(
    ({ reference }) => imageOf(reference, contexts) === normaliseReference(reference)
  )
  // A context may stand for a base or a stage, by whatever way to write its name.
  const further = contexts.flatMap(({ image }) =>
    image === undefined ? [] : [{ reference: image, line: undefined, isNeeded: true }]
  )
  return {
    bases: [...replaced, ...further],
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

const isParent = ({ from }: DockerfileBase) => from === 'FROM'

/** Triggers by the references of the file itself. */
function configsOf(
  bases: readonly DockerfileBase[],
  contexts: readonly DockerContext[],
  triggers: Triggers
): ReadonlyMap<string, BaseConfig> {
  const found = bases.filter(isParent).flatMap(({ reference }) => {
    const onbuild = triggers.get(imageOf(reference, contexts) ?? '')
    return onbuild ? [[reference, { environment: undefined, onbuild }] as const] : []
  })
  return new Map(found)
}

/** Versions of an image share one file, whose bytes are read once: each would hold a text of its own of them. */
const texts = new WeakMap<Uint8Array, string>()

function textOf(bytes: Uint8Array): string {
  const text = texts.get(bytes) ?? textOfBytes(bytes)
  texts.set(bytes, text)
  return text
}

/** Reads the Dockerfile of an image. */
export async function readDockerfileImage(
  image: Image,
  { command, env, files, platform: own }: ReadRequest
): Promise<ReadImage> {
  const given = readDockerArguments(command.args)
  const bytes = await files.read(image.file)
  const text = textOf(bytes)
  const platform = given.platform ?? env.DOCKER_DEFAULT_PLATFORM ?? own
  const contexts = contextsOf(given)
  const options = {
    buildArguments: buildArguments(given, env),
    platform,
    buildPlatform: own,
    target: given.target
  }
  const plain = readBothWays(text, options, env)
  const parents = plain.bases.filter(isParent).map(base => imageOf(base.reference, contexts))
  const images = contexts.map(({ image: name }) => name && normaliseReference(name))
  const inheritsFrom = [...new Set([...parents, ...images].filter(name => name !== undefined))]
  const withTriggers = (inherited: Triggers): ReadImage => {
    const configs = configsOf(plain.bases, contexts, inherited)
    const reading = configs.size > 0 ? readBothWays(text, { ...options, configs }, env) : plain
    const read = { image, bytes, reading, given, contexts, env, platform }
    return {
      image,
      command,
      bases: basesOf(read),
      warnings: given.publishes ? [publishing(image)] : [],
      takeIn: look => dockerfileInputs(read, look, inherited),
      onbuild: reading.onbuild,
      hiddenTriggers: [],
      inheritsFrom,
      inherited,
      inherit: withTriggers
    }
  }
  return withTriggers(NO_TRIGGERS.inherited)
}
