/** What stands on the daemon, or in the chain: not what an image's own look at the files gives. */
const BASE = 'base '
const PARENT = 'parent '
const FILE = 'file '

/** Name of the part that stands for all files. */
export const FILES_PART = 'files'

/** Part of a base that the run does not make, by its normalised reference. */
export const basePart = (reference: string): string => BASE + reference

/** Part of a base that the run makes, by its id. */
export const parentPart = (id: string): string => PARENT + id

/** Part of a Dockerfile, which may have any name. */
export const filePart = (name: string): string => FILE + name

/** Whether a part is of what the image stands on. */
export const isBasePart = (name: string): boolean =>
  name.startsWith(BASE) || name.startsWith(PARENT)

/** Whether a base that the run does not make is another one than it was. */
export const isMovedBase = (
  name: string,
  before: string | undefined,
  now: string | undefined
): boolean => name.startsWith(BASE) && before !== undefined && now !== undefined

/** A reference as a person writes it. */
export const shortReference = (normalised: string): string =>
  normalised.replace(/^docker\.io\/(library\/(?!.*\/))?/, '')

/** How a part is called, and whether it is a base. */
function shown(name: string): { readonly words: string; readonly isBase: boolean } {
  if (name.startsWith(BASE)) {
    return { words: `base ${shortReference(name.slice(BASE.length))}`, isBase: true }
  }
  if (name.startsWith(PARENT)) {
    return { words: `base ${name.slice(PARENT.length)}`, isBase: true }
  }
  return { words: name.startsWith(FILE) ? name.slice(FILE.length) : name, isBase: false }
}

/** What became of a thing, in words. */
export function changeWords(
  name: string,
  before: string | undefined,
  now: string | undefined
): string {
  if (before === undefined) return `${name} added`
  return now === undefined ? `${name} removed` : `${name} changed`
}

/** What became of a part, in words. */
export function partWords(
  name: string,
  before: string | undefined,
  now: string | undefined
): string {
  const { words, isBase } = shown(name)
  if (!isBase) return changeWords(words, before, now)
  if (before === undefined) return `${words} is new`
  return now === undefined ? `${words} removed` : `${words} moved`
}
