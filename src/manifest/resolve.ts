import { checkImageKeys, checkMatrixNames, checkRootKeys } from './check-fields.js'
import { checkTypes, type WrongFields } from './check-types.js'
import { Findings } from './findings.js'
import type { Image, Warning } from './image.js'
import { type ManifestContext, type ResolveContext, siteOf } from './image-source.js'
import { manifestFolder } from './locate.js'
import type { ImageEntry } from './manifest-types.js'
import { expandMatrix } from './matrix.js'
import { dropRepeated, findSharedTags } from './merge.js'
import type { ManifestDocument } from './read.js'
import { resolveImage } from './resolve-image.js'

export type { ResolveContext } from './image-source.js'
export { assignIds, mergeImages } from './merge.js'

/** The images of one manifest. */
export interface Resolved {
  readonly images: readonly Image[]
  readonly warnings: readonly Warning[]
}

const NONE: ReadonlySet<undefined> = new Set()

/**
 * Fills in everything that a manifest leaves out. The document's path counts from the root. Ids are
 * those of a single manifest without repetition: `assignIds` numbers them over a whole run.
 * @throws ChainError MANIFEST_INVALID with every problem of the manifest
 */
export function resolveManifest(document: ManifestDocument, context: ResolveContext): Resolved {
  const findings = new Findings(document)
  const { value } = document
  const wrong = checkTypes(value, findings)
  if (typeof value === 'object' && value !== null && !Array.isArray(value)) {
    checkRootKeys(value, findings)
  }
  const images = wrong
    ? resolveEntries(document, wrong, inManifest(document, context, findings))
    : []
  findings.include(findSharedTags(dropRepeated(images).images))
  findings.throwProblems()
  return { images, warnings: findings.warnings }
}

function inManifest(
  document: ManifestDocument,
  context: ResolveContext,
  findings: Findings
): ManifestContext {
  const { root, env } = context
  return {
    root,
    env,
    folder: manifestFolder(root, document.path),
    findings,
    exists: remembered(path => context.exists(path))
  }
}

/** Images of a matrix often share a file, and the file system takes its time. */
function remembered(exists: (path: string) => boolean): (path: string) => boolean {
  const known = new Map<string, boolean>()
  return path => {
    const before = known.get(path)
    if (before !== undefined) return before
    const now = exists(path)
    known.set(path, now)
    return now
  }
}

function resolveEntries(
  document: ManifestDocument,
  wrong: WrongFields,
  context: ManifestContext
): Image[] {
  const { images: entries } = document.value as { readonly images: readonly ImageEntry[] }
  if (entries.length === 0) {
    context.findings.warn({ path: ['images'] }, 'found an empty list: there is nothing to build')
  }
  return entries.flatMap((entry, index) => {
    const wrongFields = wrong.get(index) ?? NONE
    if (wrongFields.has(undefined)) return []
    const written = { entry, path: ['images', index], wrong: wrongFields }
    checkImageKeys(written, context.findings)
    return resolveEntry(written, document, context)
  })
}

interface WrittenEntry {
  readonly entry: ImageEntry
  readonly path: readonly (string | number)[]
  readonly wrong: ReadonlySet<string | undefined>
}

function resolveEntry(
  written: WrittenEntry,
  document: ManifestDocument,
  context: ManifestContext
): Image[] {
  // Without its matrix an image's placeholders would be unknown, which is not what is wrong with it.
  if (written.wrong.has('matrix') || !checkMatrixNames(written, context.findings)) return []
  const site = siteOf(written, 'matrix')
  return expandMatrix(written.entry.matrix, site, context.findings).flatMap(combination => {
    const image = resolveImage({ ...written, combination }, context, document)
    return image ? [image] : []
  })
}
