import { costOfFields, costOfTexts, MOST_CHARACTERS, manifestBudget } from './budget.js'
import { checkImageKeys, checkMatrixNames, checkRootKeys } from './check-fields.js'
import { checkEntry, checkRoot } from './check-types.js'
import { Findings } from './findings.js'
import type { Image, Warning } from './image.js'
import {
  type ImageSource,
  type ManifestContext,
  type ResolveContext,
  siteOf
} from './image-source.js'
import { manifestFolder } from './locate.js'
import type { ImageEntry } from './manifest-types.js'
import { expandMatrix } from './matrix.js'
import { dropRepeated, findSharedTags } from './merge.js'
import type { ManifestDocument } from './read.js'
import { resolveImage } from './resolve-image.js'

export type { ResolveContext } from './image-source.js'
export { assignIds, mergeImages } from './merge.js'

/** A few matrices in one manifest could ask for more images than memory holds. */
const MAX_IMAGES = 200_000

/** The images of one manifest. */
export interface Resolved {
  readonly images: readonly Image[]
  readonly warnings: readonly Warning[]
}

type WrittenEntry = Omit<ImageSource, 'combination'>

/**
 * Fills in everything that a manifest leaves out. The document's path counts from the root. Ids are
 * those of a single manifest without repetition: `assignIds` numbers them over a whole run.
 * @throws ChainError MANIFEST_INVALID with every problem of the manifest
 */
export async function resolveManifest(
  document: ManifestDocument,
  context: ResolveContext
): Promise<Resolved> {
  const findings = new Findings(document)
  const { value } = document
  const entries = await checkRoot(value, findings)
  if (typeof value === 'object' && value !== null && !Array.isArray(value)) {
    checkRootKeys(value, findings)
  }
  const images = entries
    ? await resolveEntries(entries, document, inManifest(document, context, findings))
    : []
  findings.include(findSharedTags(dropRepeated(images).images))
  findings.throwProblems()
  return { images, warnings: findings.warnings }
}

function inManifest(
  { path, size }: ManifestDocument,
  { root, env, exists, mayRead }: ResolveContext,
  findings: Findings
): ManifestContext {
  // Outside of the project it is not even told what is there; links are followed where a file is used.
  const known = new Map<string, boolean>()
  const mayExist = (file: string) => {
    const found =
      known.get(file) ??
      ((file.startsWith(`${root}/`) || mayRead?.(file) !== false) && exists(file))
    known.set(file, found)
    return found
  }
  const folder = manifestFolder(root, path)
  return { root, env, exists: mayExist, mayRead, folder, findings, budget: manifestBudget(size) }
}

async function resolveEntries(
  entries: readonly unknown[],
  document: ManifestDocument,
  context: ManifestContext
): Promise<Image[]> {
  const { budget, findings } = context
  if (entries.length === 0) {
    findings.warn({ path: ['images'] }, 'found an empty list: there is nothing to build')
  }
  const images: Image[] = []
  for (const [index, entry] of entries.entries()) {
    const path = ['images', index]
    const wrong = budget.spend(costOfFields(entry)) && (await checkEntry(entry, path, findings))
    if (wrong) {
      await addImages({ entry: entry as ImageEntry, path, wrong }, images, { document, context })
    }
    if (images.length > MAX_IMAGES) {
      findings.report({ path }, `found more than ${MAX_IMAGES} images, expected fewer`)
    }
    // What is found again and again spends it, too, and is what is wrong.
    if (budget.areSpent && findings.isEmpty) {
      const message = `found images that come to more than ${MOST_CHARACTERS} characters beyond what is written, expected fewer`
      findings.report({ path }, message)
    }
    if (findings.isFull || images.length > MAX_IMAGES || budget.areSpent) break
  }
  // What has been given up is not compared.
  return budget.areSpent ? [] : images
}

/** Adds the image of an entry, or those of its matrix. */
async function addImages(
  written: WrittenEntry,
  images: Image[],
  { document, context }: { readonly document: ManifestDocument; readonly context: ManifestContext }
): Promise<void> {
  checkImageKeys(written, context.findings)
  // Without its matrix an image's placeholders would be unknown, which is not what is wrong with it.
  if (written.wrong.has('matrix') || !checkMatrixNames(written, context.findings)) return
  const { matrix, ...fields } = written.entry
  const site = siteOf(written, 'matrix')
  // What stands for one image has been paid for.
  const cost = matrix ? costOfFields(fields) : 0
  for (const combination of expandMatrix(matrix, site, context.findings)) {
    const own = matrix ? cost + costOfTexts(combination.values()) : 0
    if (context.findings.isFull || !context.budget.spend(own)) return
    const image = await resolveImage({ ...written, combination }, context, document)
    if (image) images.push(image)
  }
}
