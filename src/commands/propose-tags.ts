import { normaliseReference, parseReference } from '../manifest/reference.js'
import type { FoundDockerfile } from './find-dockerfiles.js'
import { nameFrom } from './starter/answers.js'

/** Folders that are named after what they hold, not after an image. */
const GENERIC = new Set([
  ...['docker', '.docker', 'dockerfile', 'dockerfiles', 'container', 'containers'],
  ...['image', 'images', 'build', '.devcontainer', 'src', 'services', 'apps', 'packages']
])

/** Whether a folder's name says nothing about an image. */
export const isGeneric = (folder: string) => GENERIC.has(folder.toLowerCase())

const isVersion = (word: string) => /^v?\d/.test(word)

/** The part of a file's name that tells it from other Dockerfiles of its folder. */
function variantOf(file: string): string {
  const [, after] = /^(?:docker|container)file\.(.+)$/i.exec(file) ?? []
  const [, before] = /^(.+)\.dockerfile$/i.exec(file) ?? []
  return after ?? before ?? ''
}

/** What a Dockerfile's path says: `php/8.2/alpine/Dockerfile` is `php` in `8.2-alpine`. */
export interface PathName {
  readonly name: string
  /** Undefined where the path tells none. */
  readonly version: string | undefined
}

/** `NAME-VERSION`, at the last dash before a number. */
function numberedName(variant: string): PathName | undefined {
  for (let at = variant.lastIndexOf('-'); at > 0; at = variant.lastIndexOf('-', at - 1)) {
    const [named, version] = [variant.slice(0, at), variant.slice(at + 1)]
    if (/[^\d.]/.test(named) && /^v?\d[\w.-]*$/.test(version)) {
      return { name: nameFrom(named), version }
    }
  }
  return undefined
}

/** Reads a name and a version from a Dockerfile's path; `project` names what stands at the root. */
export function nameOfPath(path: string, project: string): PathName {
  const parts = path.split('/')
  const variant = variantOf(parts.at(-1) ?? '')
  const folders = parts.slice(0, -1).filter(folder => !isGeneric(folder))
  // As the manifest looks for `Dockerfile.NAME-VERSION`.
  const numbered = numberedName(variant)
  if (numbered) return numbered
  const words = [...folders, variant].filter((word, at, all) => word !== '' && word !== all[at - 1])
  const first = words.findIndex(isVersion)
  if (first >= 0) {
    const version = words
      .slice(first)
      .join('-')
      .replace(/[^\w.-]/g, '-')
    return { name: nameFrom(words[first - 1] ?? project), version }
  }
  const own = variant === '' || variant === folders.at(-1) ? [] : [variant]
  return { name: nameFrom([...folders.slice(-1), ...own].join('-') || project), version: undefined }
}

const referencesOf = ({ reading }: FoundDockerfile) =>
  reading.bases.filter(({ from }) => from !== 'syntax').map(({ reference }) => reference)

/** The reference by which another Dockerfile means this one. */
function adopted(
  { name, version }: PathName,
  own: FoundDockerfile,
  all: readonly FoundDockerfile[]
): string | undefined {
  const bases = new Set(referencesOf(own).map(normaliseReference))
  const candidates = all
    .filter(other => other !== own)
    .flatMap(referencesOf)
    .filter(reference => {
      const parsed = parseReference(reference)
      if (typeof parsed === 'string' || parsed.digest !== undefined) return false
      const isSame = version === undefined || (parsed.tag ?? 'latest') === version
      return parsed.image === name && isSame && !bases.has(normaliseReference(reference))
    })
  return candidates.sort()[0]
}

/** What all texts have in common, where they agree. */
function agreed<T>(values: readonly T[]): T | undefined {
  return new Set(values).size === 1 ? values[0] : undefined
}

const pathOf = (reference: string) => reference.slice(0, reference.lastIndexOf('/') + 1)

function tagOf(reference: string): string | undefined {
  const parsed = parseReference(reference)
  return typeof parsed === 'string' ? undefined : parsed.tag
}

function unique(tags: readonly string[]): readonly string[] {
  const taken = new Set<string>()
  return tags.map(tag => {
    let free = tag
    for (let count = 2; taken.has(free); count += 1) free = `${tag}-${count}`
    taken.add(free)
    return free
  })
}

/**
 * Proposes a tag for each Dockerfile: the one by which another means it in FROM, else one made from its
 * path, with the repository and version that those have in common.
 */
export function proposeTags(found: readonly FoundDockerfile[], project: string): readonly string[] {
  const named = found.map(each => nameOfPath(each.path, project))
  const meant = named.map((name, at) => adopted(name, found[at] as FoundDockerfile, found))
  const known = meant.filter(reference => reference !== undefined)
  const repository = agreed(known.map(pathOf)) || `${nameFrom(project)}/`
  const version = agreed(known.map(tagOf)) ?? 'latest'
  return unique(
    named.map((each, at) => meant[at] ?? `${repository}${each.name}:${each.version ?? version}`)
  )
}
