import { createHash } from 'node:crypto'
import type { TreeEntry } from '../ports.js'

/**
 * What an image is made from: a short text for each thing that a build takes in, by a name that a
 * person reads (`Dockerfile`, `base debian:12`, `variable VERSION`, `file src/app.py`).
 */
export type Parts = ReadonlyMap<string, string>

/** What is known of all that goes into an image. */
export interface Inputs {
  readonly parts: Parts
  /** Why a change might go unseen; such an image is built each time. */
  readonly untracked: readonly string[]
}

/** Version of how fingerprints are made: another one is another fingerprint for everything. */
const VERSION = 'build-chain 1'

const sha256 = (text: string) => createHash('sha256').update(text).digest('hex')

/** Hash of a value that should not stand in a record itself. */
export function hashOf(value: string): string {
  return sha256(value)
}

/** `sha256:…` of all parts, whatever their order. */
export function fingerprintOf(parts: Parts): string {
  const rows = [...parts].sort(([a], [b]) => (a < b ? -1 : 1))
  return `sha256:${sha256(JSON.stringify([VERSION, rows]))}`
}

/** One entry as a part: what a build can see of it, which is its content and mode and not its times. */
export function entryPart(entry: TreeEntry, hash: string | undefined): string {
  return `${entry.kind} ${entry.mode.toString(8)} ${entry.target ?? hash ?? ''}`
}

const FILE = 'file '

/** Name of the part of a file, from its path. */
export const filePart = (path: string): string => FILE + path

const words = (name: string): string => (name.startsWith(FILE) ? name.slice(FILE.length) : name)

function changeOf(name: string, before: string | undefined, now: string | undefined): string {
  if (name.startsWith('base ')) return before === undefined ? `${name} is new` : `${name} moved`
  if (before === undefined) return `${words(name)} added`
  return now === undefined ? `${words(name)} removed` : `${words(name)} changed`
}

/** Files that are named before the rest is counted. */
const SHOWN = 3

/** Names what changed between two sets of parts; an empty text where nothing did. */
export function describeChange(before: Parts, now: Parts): string {
  const changes: string[] = []
  for (const [name, value] of now) {
    if (before.get(name) !== value) changes.push(changeOf(name, before.get(name), value))
  }
  for (const [name, value] of before) {
    if (!now.has(name)) changes.push(changeOf(name, value, undefined))
  }
  const more = changes.length - SHOWN
  return changes.slice(0, SHOWN).join(', ') + (more > 0 ? ` and ${more} more` : '')
}
