import { dirname, join, relative, resolve } from 'node:path'
import type { ContextSource } from '../chain/dockerfile-reading.js'
import type { Files } from '../ports.js'
import type { FoundDockerfile } from './find-dockerfiles.js'
import { isGeneric, proposeTags } from './propose-tags.js'
import { SCHEMA_ADDRESS } from './starter/starter-manifest.js'

/** Where a manifest is made, and from what. */
export interface ProposalRequest {
  /** The project's root, absolute. */
  readonly root: string
  /** The root of the tree with the Dockerfiles, absolute. */
  readonly tree: string
  /** The manifest's folder, relative to the root. */
  readonly folder: string
  /** The project's name. */
  readonly project: string
}

/** A manifest's text, with what could not be told for certain. */
export interface Proposal {
  readonly text: string
  readonly doubts: readonly string[]
}

/** The part of a source that has to be there: less what its wildcards stand for. */
function fixedPart({ path, wildcards }: ContextSource): string {
  const at = wildcards ? path.search(/[*?[\\]/) : -1
  return at < 0 ? path : path.slice(0, path.lastIndexOf('/', at) + 1)
}

/** Folders that may be the build context, the likeliest first. */
function contextCandidates(path: string, tree: string): readonly string[] {
  const folders: string[] = []
  for (let at = dirname(path); at !== '.'; at = dirname(at)) folders.push(at)
  const all = [...folders, '.'].map(folder => resolve(tree, folder))
  // `docker/Dockerfile` is mostly built with the folder above it as its context.
  const [own = '', ...above] = all
  return above.length > 0 && isGeneric(own.slice(own.lastIndexOf('/') + 1)) ? [...above, own] : all
}

/** The nearest folder that has what COPY and ADD name; undefined where none has. */
function contextOf(
  { path, reading }: FoundDockerfile,
  tree: string,
  files: Pick<Files, 'exists'>
): { readonly folder: string; readonly missing: readonly string[] } {
  const sources = [...new Set(reading.sources.map(fixedPart))].filter(source => source !== '')
  const candidates = contextCandidates(path, tree)
  const missingIn = (folder: string) =>
    sources.filter(source => !files.exists(join(folder, source)))
  const folder = candidates.find(each => missingIn(each).length === 0)
  if (folder !== undefined) return { folder, missing: [] }
  const [first = tree] = candidates
  return { folder: first, missing: missingIn(first) }
}

const slashed = (path: string) => path.split('\\').join('/')

/** Proposes a manifest for a tree of Dockerfiles. */
export function proposeManifest(
  found: readonly FoundDockerfile[],
  { root, tree, folder, project }: ProposalRequest,
  files: Pick<Files, 'exists'>
): Proposal {
  const tags = proposeTags(found, project)
  const doubts: string[] = []
  const images = found.map((each, at) => {
    const context = contextOf(each, tree, files)
    for (const source of context.missing) {
      doubts.push(`${each.path}: no folder above it has \`${source}\`: see to its working_dir`)
    }
    return {
      tag: tags[at],
      dockerfile: slashed(relative(context.folder, join(tree, each.path))),
      ...(context.folder === root
        ? {}
        : { working_dir: slashed(relative(join(root, folder), context.folder)) })
    }
  })
  return { text: `${JSON.stringify({ $schema: SCHEMA_ADDRESS, images }, null, 2)}\n`, doubts }
}
