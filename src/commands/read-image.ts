import type { BaseReading } from '../chain/bases.js'
import type { Image, Warning } from '../manifest/image.js'
import type { Command, Files } from '../ports.js'
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
  /** Looks at all that the build takes in; heavy, so only where it matters. */
  readonly takeIn: (look: Look, onbuild: readonly string[]) => Promise<TakenIn>
  /** ONBUILD instructions that its children run. */
  readonly onbuild: readonly string[]
}

/** Reads the Dockerfile or template of an image. */
export async function readImage(image: Image, request: ReadRequest): Promise<ReadImage> {
  if (!request.files.exists(image.file)) return missing(image)
  return image.builder === 'dockerfile'
    ? readDockerfileImage(image, request)
    : readPackerImage(image, request)
}

const NOTHING: TakenIn = { entries: [], values: new Map(), untracked: [] }

function missing(image: Image): ReadImage {
  return {
    image,
    bases: undefined,
    warnings: image.tags.length > 0 ? [] : [untagged(image)],
    takeIn: async () => NOTHING,
    onbuild: []
  }
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
  const { template, files } = await loadTemplate(image, request, request.files)
  const tagged = withTags(image, templateTags(template))
  const publishes: Warning[] = template.publishes
    ? [
        {
          message: `${image.id} publishes by itself, in the middle of a run: its template has a docker-push`,
          ...template.publishes
        }
      ]
    : []
  return {
    image: tagged,
    bases: templateBases(template),
    warnings: [...publishes, ...(tagged.tags.length > 0 ? [] : [untagged(tagged)])],
    takeIn: ({ trees }) =>
      templateInputs(
        template,
        {
          workingDirectory: image.workingDirectory,
          files,
          env: request.env,
          declared: image.inputs !== undefined
        },
        trees
      ),
    onbuild: template.builders
      .flatMap(({ changes }) => changes)
      .flatMap(change =>
        change.known ? (/^\s*ONBUILD\s+([^]+)/i.exec(change.text)?.[1] ?? []) : []
      )
  }
}
