import { relative } from 'node:path'
import { parseManifest } from '../manifest/read.js'
import { resolveManifest } from '../manifest/resolve.js'
import type { Files } from '../ports.js'
import { orderImages, type ReadChainRequest, readImages } from './read-chain.js'

/** An image of a chain that is only proposed. */
export interface PreviewImage {
  readonly tag: string
  /** Relative to the project's root. */
  readonly file: string
  /** Tags of the images of the chain that it stands on. */
  readonly on: readonly string[]
}

interface PreviewRequest extends Pick<ReadChainRequest, 'env' | 'platform'> {
  readonly root: string
  /** The manifest's path, relative to the root. */
  readonly path: string
}

/**
 * The images of a manifest that is not written yet, in the order in which they would be built.
 * @throws ChainError where the manifest or the chain would be refused
 */
export async function previewOrder(
  text: string,
  { root, path, env, platform }: PreviewRequest,
  files: Files
): Promise<readonly PreviewImage[]> {
  const document = await parseManifest(Buffer.from(text), path)
  const { images } = await resolveManifest(document, { root, env, exists: files.exists })
  const request = { env, platform, builderArguments: [], squash: false }
  const { nodes } = orderImages(await readImages(images, request, files)).graph
  const tagOf = (at: number) => nodes[at]?.image.tags[0] ?? ''
  return nodes.map(({ image, needs }, at) => ({
    tag: tagOf(at),
    file: relative(root, image.file),
    on: needs.map(tagOf)
  }))
}
