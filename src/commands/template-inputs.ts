import { join, relative, resolve } from 'node:path'
import type { Template } from '../builders/template.js'
import { hashOf } from '../chain/fingerprint.js'
import type { Trees } from '../ports.js'
import { templateSecrets } from './chain-secrets.js'
import { entriesAt, type NamedEntry, projectEntries, withLinked } from './file-sets.js'
import type { SeenContext } from './known-context.js'
import type { Look } from './look.js'
import { isWithin } from './project-bounds.js'
import { templateBases } from './template-reading.js'
import { variableHash } from './variable-hash.js'
import { foldersOnTheWay } from './watched-folders.js'

/** What an image's build takes in besides its arguments and bases. */
export interface TakenIn {
  readonly entries: readonly NamedEntry[]
  /** The context that all of the entries are of; there are none where it is known without them. */
  readonly context?: SeenContext
  /** Hashes of values by the name of a part. */
  readonly values: ReadonlyMap<string, string>
  readonly untracked: readonly string[]
  /**
   * Absolute paths that are to be as they were when the build ends, besides the entries: whether
   * they are there, and when they were written.
   */
  readonly watched: readonly string[]
}

interface Surroundings {
  /** Absolute path that Packer runs in. */
  readonly workingDirectory: string
  /** Absolute paths of the template and its variable files. */
  readonly files: readonly string[]
  /** Absolute paths of the folders that these were found in. */
  readonly folders: readonly string[]
  /** The template may hold the path of the working directory. */
  readonly namesPlace: boolean
  readonly env: Readonly<Record<string, string>>
  /** Only what the template itself is: its `inputs` are given by the manifest. */
  readonly declared: boolean
}

/** Folders of the kernel and of running services, which hold nothing to build from. */
const SYSTEM_FOLDER = /^\/(sys|proc|dev|run|var\/run)(\/|$)/

const nameIn = (folder: string, path: string) =>
  isWithin(folder, path) ? relative(folder, path) || '.' : path

/** ansible-playbook runs on this machine, and follows links wherever they lead. */
const followsLinks = ({ components }: Template) => components.provisioners.includes('ansible')

const knownPaths = ({ inputs }: Template, folder: string): readonly string[] =>
  inputs.flatMap(({ path }) => (path.known ? [resolve(folder, path.text)] : []))

/** Tells which paths are looked into, links followed: a template may name all that there is on this machine. */
function openBounds(folder: string, { trees, mayRead }: Bounds): (path: string) => boolean {
  const isSystem = (path: string) => SYSTEM_FOLDER.test(trees.real(path) ?? path)
  const liesInSystem = isSystem(folder)
  return path => mayRead?.(path) !== false && (liesInSystem || !isSystem(path))
}

type Bounds = Pick<Look, 'trees' | 'mayRead'>

const outside = (path: string) => `reads ${path}, which lies outside of the project`

interface Mounts {
  readonly entries: readonly NamedEntry[]
  readonly untracked: readonly string[]
}

/** What a container sees of a folder of the project: what git knows of it, else all of it. */
async function mountedEntries(
  path: string,
  folder: string,
  trees: Trees
): Promise<readonly NamedEntry[]> {
  const all = await projectEntries(folder, trees)
  if (path === folder) return all
  const within = all.filter(entry => isWithin(path, entry.path))
  return within.length > 0 ? within : entriesAt(path, nameIn(folder, path), trees)
}

/** A mounted folder of the project is seen, others cannot be watched. */
async function mountEntries(template: Template, folder: string, trees: Trees): Promise<Mounts> {
  const entries: NamedEntry[] = []
  const untracked: string[] = []
  const root = trees.real(folder) ?? folder
  for (const mount of template.mounts) {
    if (!mount.known) {
      untracked.push(`mounts a folder that is not known: ${mount.why}`)
      continue
    }
    const path = resolve(folder, mount.text)
    if (SYSTEM_FOLDER.test(path)) continue
    // Docker mounts what a link leads to.
    const real = trees.real(path) ?? path
    if (isWithin(root, real)) {
      entries.push(...(await mountedEntries(join(folder, relative(root, real)), folder, trees)))
    } else untracked.push(`mounts ${path}, which lies outside of ${folder}`)
  }
  return { entries, untracked }
}

/** The variables of the environment that the template reads, by the names of parts. */
function environmentValues(template: Template, env: Surroundings['env']): [string, string][] {
  const sensitive = new Set(template.sensitiveVariables.map(({ name }) => `PKR_VAR_${name}`))
  const hash = variableHash(env, name => sensitive.has(name), templateSecrets(template))
  return template.environment.map(name => [`variable ${name}`, hash(name)])
}

/** All that a template's build can see of this machine. */
export async function templateInputs(
  template: Template,
  at: Surroundings,
  look: Bounds
): Promise<TakenIn> {
  const { trees } = look
  const folder = at.workingDirectory
  const isInside = openBounds(folder, look)
  const own = at.files.flatMap(path => entriesAt(path, nameIn(folder, path), trees))
  const values = new Map(environmentValues(template, at.env))
  if (at.namesPlace) values.set('working directory', hashOf(folder))
  const untracked = [
    ...template.untracked.map(({ message }) => message),
    ...templateBases(template).unseen
  ]
  const named = at.declared ? [] : knownPaths(template, folder)
  const inside = named.filter(isInside)
  const ways = [...at.files, ...inside]
  const watched = [...at.folders, ...ways.flatMap(path => foldersOnTheWay(folder, path))]
  if (at.declared) return { entries: own, values, untracked, watched }
  const unknown = template.inputs.flatMap(({ path, because }) =>
    path.known ? [] : [`${because}: ${path.why}`]
  )
  const read = inside.flatMap(path => entriesAt(path, nameIn(folder, path), trees))
  const mounts = await mountEntries(template, folder, trees)
  const seen = [...own, ...read, ...mounts.entries]
  const { entries, left } = followsLinks(template)
    ? withLinked(seen, trees, isInside)
    : { entries: seen, left: [] }
  const unread = [...named.filter(path => !isInside(path)), ...left].map(outside)
  return {
    entries,
    values,
    untracked: [...untracked, ...unknown, ...mounts.untracked, ...new Set(unread)],
    watched
  }
}
