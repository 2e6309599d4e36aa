import type { Secret } from '../builders/secret-values.js'
import type { BaseReading } from '../chain/bases.js'
import type { Image, Warning } from '../manifest/image.js'
import type { Command, Files } from '../ports.js'
import type { Look } from './look.js'
import type { TakenIn } from './template-inputs.js'

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
  /** The builder's call that it was read with. */
  readonly command: Command
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
export const NO_TRIGGERS = {
  onbuild: [],
  hiddenTriggers: [],
  inheritsFrom: [],
  inherited: new Map()
} as const

/** Reads the Dockerfile or template of an image. */
export async function readImage(image: Image, request: ReadRequest): Promise<ReadImage> {
  if (!request.files.exists(image.file)) return missing(image, request.command)
  if (image.builder === 'dockerfile') {
    const { readDockerfileImage } = await import('./read-dockerfile-image.js')
    return readDockerfileImage(image, request)
  }
  const { readPackerImage } = await import('./read-packer-image.js')
  return readPackerImage(image, request)
}

const NOTHING: TakenIn = { entries: [], values: new Map(), untracked: [], watched: [] }

function missing(image: Image, command: Command): ReadImage {
  const read: ReadImage = {
    ...NO_TRIGGERS,
    image,
    command,
    bases: undefined,
    warnings: image.tags.length > 0 ? [] : [untagged(image)],
    takeIn: async () => NOTHING,
    inherit: () => read
  }
  return read
}

/** The warning for an image that cannot be named. */
export const untagged = (image: Image): Warning => ({
  message: `${image.id} has no tag: neither the manifest nor its template gives one that is known before Packer runs`,
  file: image.manifest,
  position: image.position
})
