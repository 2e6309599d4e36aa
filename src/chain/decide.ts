import { normaliseDockers, normaliseReference } from '../manifest/reference.js'
import type { EngineImage } from '../ports.js'
import type { Action } from './plan.js'
import type { ImageRecord } from './record.js'

/** The daemon's images, to look up by id and by tag. */
export interface EngineView {
  readonly byId: ReadonlyMap<string, EngineImage>
  /** Image ids by normalised tag, and by normalised `NAME@sha256:…`. */
  readonly byTag: ReadonlyMap<string, string>
}

/** All that the decision about one image rests on. */
export interface DecisionInput {
  /** Tags that it is to have, as written. */
  readonly tags: readonly string[]
  /** Why it is to be built whatever is known, such as `reuse is off`. */
  readonly forced: string | undefined
  /** Why a change might go unseen. */
  readonly untracked: readonly string[]
  /** Names what changed since the record, where the fingerprints differ. */
  readonly change: () => string
  readonly fingerprint: string | null
  readonly record: ImageRecord | undefined
  /** What it stands on in the chain, already decided. */
  readonly parents: readonly {
    readonly id: string
    readonly action: Action
    readonly isCertain: boolean
    readonly imageId: string | undefined
  }[]
  readonly view: EngineView | undefined
  /** Seconds since the epoch, and how old an image may be. */
  readonly now: number
  readonly maxAge: number | undefined
}

/** A decision with its reason for a person. */
export interface Decision {
  readonly action: Action
  readonly reason: string
  /** Too old, whatever else is said: outside bases are looked up again, and no layer cache is used. */
  readonly fresh: boolean
  /** All that goes into it is known and nothing asks for a build: one of its fingerprint is it. */
  readonly isCertain: boolean
  /** Tags that the reused image is to get, as written. */
  readonly addedTags: readonly string[]
  /** The daemon's image that is reused. */
  readonly imageId: string | undefined
  readonly bytes: number | undefined
}

type Verdict = string | Pick<Decision, 'imageId' | 'bytes' | 'addedTags'>

/** The daemon's images as a view. */
export function viewOf(images: readonly EngineImage[]): EngineView {
  return {
    byId: new Map(images.map(image => [image.id, image])),
    byTag: new Map(
      images.flatMap(({ id, tags, digests }) =>
        [...tags, ...digests.map(normaliseDockers)].map(name => [name, id] as const)
      )
    )
  }
}

/** The daemon's image that a normalised reference names; a digest counts more than a tag beside it. */
export function imageIdIn(view: EngineView, reference: string): string | undefined {
  const at = reference.indexOf('@')
  if (at < 0) return view.byTag.get(reference)
  const colon = reference.lastIndexOf(':', at)
  const name =
    colon > reference.lastIndexOf('/', at) ? reference.slice(0, colon) : reference.slice(0, at)
  return view.byTag.get(name + reference.slice(at))
}

/** Whether an image is built or reused, and why. */
export function decide(input: DecisionInput): Decision {
  const fresh = isTooOld(input)
  const verdict = verdictOf(input, fresh)
  const isCertain =
    !fresh &&
    input.forced === undefined &&
    input.untracked.length === 0 &&
    input.parents.every(parent => parent.isCertain)
  if (typeof verdict === 'string') {
    const nothing = { imageId: undefined, bytes: undefined, addedTags: [] }
    return { action: 'build', reason: verdict, fresh, isCertain, ...nothing }
  }
  const added = verdict.addedTags.map(tag => `; tag ${tag} is added`).join('')
  return { action: 'reuse', reason: `unchanged${added}`, fresh: false, isCertain, ...verdict }
}

/** The image that is reused, or why none is. */
function verdictOf(input: DecisionInput, tooOld: boolean): Verdict {
  const { forced, untracked, record, view } = input
  const rebuilt = input.parents.find(({ action }) => action === 'build')
  if (forced !== undefined) return forced
  if (!view) return 'no Docker daemon answers, so nothing can be reused'
  if (untracked.length > 0) return untracked.join(', ')
  if (rebuilt) return `base ${rebuilt.id} is rebuilt`
  if (!record) return 'not built before'
  if (tooOld) return ageReason(record, input)
  if (input.fingerprint !== record.fingerprint) {
    return input.change() || 'what it is made from changed'
  }
  return onDaemon(input, record, view)
}

/** Nothing that it is made from changed: is the image itself still there, and what it was? */
function onDaemon(input: DecisionInput, record: ImageRecord, view: EngineView): Verdict {
  const there = view.byId.get(record.imageId)
  if (!there) return 'its image is gone from the daemon'
  const recorded = new Set(record.tags.map(normaliseReference))
  const addedTags: string[] = []
  for (const tag of input.tags) {
    const name = normaliseReference(tag)
    const id = view.byTag.get(name)
    if (id === (record.furtherIds?.[name] ?? record.imageId)) continue
    if (!recorded.has(name)) addedTags.push(tag)
    else return id === undefined ? `tag ${tag} is gone` : `tag ${tag} now points elsewhere`
  }
  for (const parent of input.parents) {
    if (record.parents[parent.id] !== parent.imageId) return `base ${parent.id} was rebuilt`
  }
  return { imageId: there.id, bytes: there.bytes, addedTags }
}

/** Seconds that a clock may be behind the one that a record was made by. */
const CLOCK_SKEW = 300

/** By a clock that was wrong then, or is now, no age can be told. */
const isAhead = ({ freshAt, builtAt }: ImageRecord, now: number): boolean =>
  (freshAt ?? builtAt) - now > CLOCK_SKEW

const ageReason = (record: ImageRecord, { maxAge, now }: DecisionInput): string =>
  isAhead(record, now)
    ? 'its age cannot be told: by the clock it was built after now'
    : `older than ${ageWords(maxAge ?? 0)}`

/** Counted from the last build without a layer cache: those since may have kept all its layers. */
function isTooOld({ record, maxAge, now }: DecisionInput): boolean {
  if (!record || maxAge === undefined) return false
  const since = record.freshAt ?? record.builtAt
  return now - since > maxAge || isAhead(record, now)
}

const UNITS = [
  [86_400, 'd'],
  [3_600, 'h'],
  [60, 'm']
] as const

/** Seconds in the words of the max-age option. */
export function ageWords(seconds: number): string {
  const [length, letter] = UNITS.find(([unit]) => seconds >= unit && seconds % unit === 0) ?? [
    1,
    's'
  ]
  return `${seconds / length}${letter}`
}
