import { isAbsolute, relative, resolve } from 'node:path'
import type { Template, TemplateInput } from '../builders/template.js'
import { hashOf } from '../chain/fingerprint.js'
import type { Trees } from '../ports.js'
import { entriesAt, type NamedEntry, projectEntries } from './file-sets.js'

/** What an image's build takes in besides its arguments and bases. */
export interface TakenIn {
  readonly entries: readonly NamedEntry[]
  /** Hashes of values by the name of a part. */
  readonly values: ReadonlyMap<string, string>
  readonly untracked: readonly string[]
}

interface Surroundings {
  /** Absolute path that Packer runs in. */
  readonly workingDirectory: string
  /** Absolute paths of the template and its variable files. */
  readonly files: readonly string[]
  readonly env: Readonly<Record<string, string>>
  /** Only what the template itself is: its `inputs` are given by the manifest. */
  readonly declared: boolean
}

/** Folders of the kernel and of running services, which hold nothing to build from. */
const SYSTEM_FOLDER = /^\/(sys|proc|dev|run|var\/run)(\/|$)/

/** Whether a path is the folder itself or below it. */
export function isWithin(folder: string, path: string): boolean {
  const way = relative(folder, path)
  return way === '' || (!way.startsWith('..') && !isAbsolute(way))
}

const nameIn = (folder: string, path: string) =>
  isWithin(folder, path) ? relative(folder, path) || '.' : path

function inputEntries(input: TemplateInput, folder: string, trees: Trees): readonly NamedEntry[] {
  if (!input.path.known) return []
  const path = resolve(folder, input.path.text)
  return entriesAt(path, nameIn(folder, path), trees)
}

interface Mounts {
  readonly entries: readonly NamedEntry[]
  readonly untracked: readonly string[]
}

/** A mounted folder of the project is seen whole, as far as git knows it; others cannot be watched. */
async function mountEntries(template: Template, folder: string, trees: Trees): Promise<Mounts> {
  const entries: NamedEntry[] = []
  const untracked: string[] = []
  for (const mount of template.mounts) {
    if (!mount.known) {
      untracked.push(`mounts a folder that is not known: ${mount.why}`)
      continue
    }
    const path = resolve(folder, mount.text)
    if (SYSTEM_FOLDER.test(path)) continue
    if (isWithin(folder, path)) {
      const all = await projectEntries(folder, trees)
      entries.push(...(path === folder ? all : all.filter(entry => isWithin(path, entry.path))))
    } else untracked.push(`mounts ${path}, which lies outside of ${folder}`)
  }
  return { entries, untracked }
}

/** All that a template's build can see of this machine. */
export async function templateInputs(
  template: Template,
  at: Surroundings,
  trees: Trees
): Promise<TakenIn> {
  const folder = at.workingDirectory
  const own = at.files.flatMap(path => entriesAt(path, nameIn(folder, path), trees))
  const values = new Map(
    template.environment.map(name => [`variable ${name}`, hashOf(at.env[name] ?? '\0')])
  )
  const untracked = template.untracked.map(({ message }) => message)
  if (at.declared) return { entries: own, values, untracked }
  const unknown = template.inputs.flatMap(({ path, because }) =>
    path.known ? [] : [`${because}: ${path.why}`]
  )
  const read = template.inputs.flatMap(input => inputEntries(input, folder, trees))
  const mounts = await mountEntries(template, folder, trees)
  return {
    entries: [...own, ...read, ...mounts.entries],
    values,
    untracked: [...untracked, ...unknown, ...mounts.untracked]
  }
}
