import { join, resolve } from 'node:path'
import { ChainError } from '../errors.js'
import type { Files } from '../ports.js'

const FOLDERS = ['docker', '.docker']
const NAMES = ['IMAGES.json', 'IMAGES.yaml', 'IMAGES.yml']

interface Search {
  /** Manifests that the user named, relative to the root. */
  readonly named: readonly string[] | undefined
  /** The only folder to look in, where the user named one. */
  readonly folder: string | undefined
  /** Absolute path. */
  readonly root: string
}

/**
 * Paths of the manifests, as the user gave them or as they were found, relative to the root.
 * @throws ChainError MANIFEST_NOT_FOUND that names every place that was looked at
 */
export function findManifests(search: Search, files: Files): readonly string[] {
  const { named, root } = search
  if (named && named.length > 0) return checked(named, root, files)
  const folders = search.folder ? [search.folder] : FOLDERS
  for (const folder of folders) {
    const found = NAMES.map(name => join(folder, name)).filter(path => isFile(resolve(root, path)))
    if (found.length > 0) return found.slice(0, 1)
  }
  const places = folders.map(folder => join(folder, 'IMAGES.json')).join(' and ')
  throw new ChainError('MANIFEST_NOT_FOUND', `no manifest: looked for ${places} (or .yaml, .yml)`, {
    where: { file: root },
    hint: '`build-chain init --from .` writes one for the Dockerfiles that are here, `build-chain init` starts a chain, and images-files names yours.'
  })

  function isFile(path: string): boolean {
    return files.exists(path) && !files.isFolder(path)
  }
}

function checked(named: readonly string[], root: string, files: Files): readonly string[] {
  const missing = named.filter(path => {
    const file = resolve(root, path)
    return !files.exists(file) || files.isFolder(file)
  })
  if (missing.length === 0) return named
  throw new ChainError('MANIFEST_NOT_FOUND', 'a manifest is missing', {
    problems: missing.map(file => ({
      place: { file },
      message: 'found no such file, expected a manifest'
    })),
    hint: `images-files are looked up from ${root}.`
  })
}
