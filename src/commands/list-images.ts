import { selectImages } from '../chain/select.js'
import type { Image } from '../manifest/image.js'
import type { Files } from '../ports.js'
import type { LoadedImages } from './load-images.js'
import { type ReadChainRequest, readImages } from './read-chain.js'

/** What listing needs from the options and the machine. */
export interface ListRequest extends ReadChainRequest {
  readonly images: readonly string[]
  readonly skipImages: readonly string[]
}

/**
 * The chosen images in the manifests' order, with the tags that their templates give, and without
 * what they stand on; asks neither Docker nor Packer.
 * @throws ChainError SELECTION_EMPTY
 */
export async function listImages(
  loaded: LoadedImages,
  request: ListRequest,
  files: Files
): Promise<readonly Image[]> {
  const reads = await readImages(loaded.images, request, files)
  const images = reads.map(({ image }) => image)
  const chosen = selectImages(images, [], request)
  return images.filter((_, index) => chosen.has(index))
}
