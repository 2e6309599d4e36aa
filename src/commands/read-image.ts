import type { Secret } from '../builders/secret-values.js'
import type { BaseReading } from '../chain/bases.js'
import type { Image, Warning } from '../manifest/image.js'
import type { Command, Files } from '../ports.js'
import { templateSecrets } from './chain-secrets.js'
import { loadTemplate } from './load-template.js'
import type { Look } from './look.js'
import { readDockerfileImage } from './read-dockerfile-image.js'
import { type TakenIn, templateInputs } from './template-inputs.js'
import { templateBases, templateTags } from './template-reading.js'

/** What reading an image's file needs besides the image. */
export interface ReadRequest {
  readonly command: Command
  /** The environment of builders. */
  readonly env: Readonly<Record<string, string>>
  readonly files: Files
  /** Such as `linux/amd64`: what the daemon builds for where nothing else is asked. */
  readonly platform: string
}

/** An image with what its Dockerfile or template says. */
export interface ReadImage {
  /** With the tags that its template gives, where the manifest leaves them to it. */
  readonly image: Image
  /** Undefined where there is no file. */
  readonly bases: BaseReading | undefined
  readonly warnings: readonly Warning[]
  /** What its template marks as sensitive. */
  readonly secrets?: readonly Secret[]
  /** Looks at all that the build takes in; heavy, so only where it matters. */
  readonly takeIn: (look: Look) => Promise<TakenIn>
  /** ONBUILD instructions that its children run. */
  readonly onbuild: readonly string[]
  /** Why those cannot be told. */
  readonly hiddenTriggers: readonly string[]
  /** References whose ONBUILD instructions its own build runs, normalised. */
  readonly inheritsFrom: readonly string[]
  /** The instructions of those that it was read with. */
  readonly inherited: Triggers
  /** The image as it is with these instructions of its bases. */
  readonly inherit: (triggers: Triggers) => ReadImage
}

/** ONBUILD instructions by the normalised reference of the image that carries them. */
export type Triggers = ReadonlyMap<string, readonly string[]>

/** No ONBUILD instructions, neither its own nor those of a base: Packer runs none. */
const NO_TRIGGERS = {
  onbuild: [],
  hiddenTriggers: [],
  inheritsFrom: [],
  inherited: new Map()
} as const

/** Reads the Dockerfile or template of an image. */
export async function readImage(image: Image, request: ReadRequest): Promise<ReadImage> {
  if (!request.files.exists(image.file)) return missing(image)
  return image.builder === 'dockerfile'
    ? readDockerfileImage(image, request)
    : readPackerImage(image, request)
}

const NOTHING: TakenIn = { entries: [], values: new Map(), untracked: [], watched: [] }

function missing(image: Image): ReadImage {
  const read: ReadImage = {
    ...NO_TRIGGERS,
    image,
    bases: undefined,
    warnings: image.tags.length > 0 ? [] : [untagged(image)],
    takeIn: async () => NOTHING,
    inherit: () => read
  }
  return read
}

const untagged = (image: Image): Warning => ({
  message: `${image.id} has no tag: neither the manifest nor its template gives one that is known before Packer runs`,
  file: image.manifest,
  position: image.position
})

function withTags(image: Image, tags: readonly string[]): Image {
  if (image.tagSource === 'written' || tags.length === 0) return image
  const further = image.tagSource === 'derived' ? image.tags.slice(1) : image.tags
  return { ...image, tags: [...new Set([...tags, ...further])] }
}

async function readPackerImage(image: Image, request: ReadRequest): Promise<ReadImage> {
  const { template, files, folders, namesPlace } = await loadTemplate(image, request, request.files)
  const tagged = withTags(image, templateTags(template))
  const publishes: Warning[] = template.publishes
    ? [
        {
          message: `${image.id} publishes by itself, in the middle of a run: its template has a docker-push`,
          ...template.publishes
        }
      ]
    : []
  const changes = template.builders.flatMap(builder => builder.changes)
  const around = {
    workingDirectory: image.workingDirectory,
    files,
    folders,
    namesPlace,
    env: request.env,
    declared: image.inputs !== undefined
  }
  const read: ReadImage = {
    ...NO_TRIGGERS,
    image: tagged,
    bases: templateBases(template),
    warnings: [...publishes, ...(tagged.tags.length > 0 ? [] : [untagged(tagged)])],
    secrets: templateSecrets(template),
    takeIn: ({ trees }) => templateInputs(template, around, trees),
    onbuild: changes.flatMap(change => (change.known ? triggerOf(change.text) : [])),
    hiddenTriggers: changes.flatMap(change =>
      change.known ? [] : [`the changes of its base ${image.id} are not known: ${change.why}`]
    ),
    inherit: () => read
  }
  return read
}

const triggerOf = (change: string): string[] => {
  const trigger = /^\s*ONBUILD\s+([^]+)/i.exec(change)?.[1]
  return trigger === undefined ? [] : [trigger]
}
