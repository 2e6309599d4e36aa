import { join } from 'node:path'
import { textOfBytes } from '../chain/byte-text.js'
import { readDockerfile } from '../chain/dockerfile.js'
import type { DockerfileReading } from '../chain/dockerfile-reading.js'
import type { EntryKind, Files, Trees } from '../ports.js'

/** A Dockerfile of a tree, read with no arguments but its own defaults. */
export interface FoundDockerfile {
  /** Relative to the tree's root, `/` between names. */
  readonly path: string
  readonly reading: DockerfileReading
}

/** What a search gives: the Dockerfiles, and files of such a name that are none. */
export interface FoundDockerfiles {
  readonly dockerfiles: readonly FoundDockerfile[]
  readonly others: readonly string[]
}

const NAME = /^(?:(?:Docker|Container)file(?:\.[^/]+)?|[^/]+\.dockerfile)$/i
/** Files beside a Dockerfile: ignore lists, templates to make it from, what editors leave. */
const BESIDE =
  /(?:\.(?:dockerignore|j2|jinja2?|tmpl|tpl|template|erb|in|bak|orig|rej|sw[a-p]|md)|~)$/i

/** Folders in which Dockerfiles are those of others. */
const FOREIGN = new Set(['.git', '.hg', '.svn', 'node_modules', '.venv', '.tox', '.terraform'])

const nameOf = (path: string) => path.slice(path.lastIndexOf('/') + 1)

const isForeign = (path: string, kind: EntryKind) => kind === 'folder' && FOREIGN.has(nameOf(path))

const isNamed = (path: string) => NAME.test(nameOf(path)) && !BESIDE.test(path)

/**
 * Finds the Dockerfiles below a folder: `Dockerfile`, `Dockerfile.NAME`, `NAME.Dockerfile`, and the same
 * of Containerfile. Links are not followed.
 */
export async function findDockerfiles(
  folder: string,
  { files, trees }: { readonly files: Files; readonly trees: Trees }
): Promise<FoundDockerfiles> {
  const paths = trees
    .list(folder, isForeign)
    .filter(({ path, kind }) => kind === 'file' && isNamed(path))
    .map(({ path }) => path)
  const found = await Promise.all(
    paths.map(async path => {
      const text = textOfBytes(await files.read(join(folder, path)))
      return { path, reading: readDockerfile(text, { buildArguments: new Map() }) }
    })
  )
  const isDockerfile = ({ reading }: FoundDockerfile) => reading.stages.length > 0
  return {
    dockerfiles: found.filter(isDockerfile),
    others: found.filter(each => !isDockerfile(each)).map(({ path }) => path)
  }
}
