import { normaliseReference } from '../manifest/reference.js'
import type { EngineImage } from '../ports.js'
import type { Action } from './plan.js'
import type { ImageRecord } from './record.js'

/** The daemon's images, to look up by id and by tag. */
export interface EngineView {
  readonly byId: ReadonlyMap<string, EngineImage>
  /** Image ids by normalised tag. */
  readonly byTag: ReadonlyMap<string, string>
}

/** All that the decision about one image rests on. */
export interface DecisionInput {
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
  /** Too old: outside bases are looked up again, and no layer cache is used. */
  readonly fresh: boolean
  /** The daemon's image that is reused. */
  readonly imageId: string | undefined
  readonly bytes: number | undefined
}

const build = (reason: string, fresh = false): Decision => ({
  action: 'build',
  reason,
  fresh,
  imageId: undefined,
  bytes: undefined
})

/** The daemon's images as a view. */
export function viewOf(images: readonly EngineImage[]): EngineView {
  return {
    byId: new Map(images.map(image => [image.id, image])),
    byTag: new Map(images.flatMap(({ id, tags }) => tags.map(tag => [tag, id] as const)))
  }
}

/** Whether an image is built or reused, and why. */
export function decide(input: DecisionInput): Decision {
  const { forced, untracked, record, view } = input
  const rebuilt = input.parents.find(({ action }) => action === 'build')
  if (forced !== undefined) return build(forced)
  if (!view) return build('no Docker daemon answers, so nothing can be reused')
  if (untracked.length > 0) return build(untracked.join(', '))
  if (rebuilt) return build(`base ${rebuilt.id} is rebuilt`)
  if (!record) return build('not built before')
  if (input.fingerprint !== record.fingerprint) {
    return build(input.change() || 'what it is made from changed')
  }
  return onDaemon(input, record, view)
}

/** Nothing that it is made from changed: is the image itself still there, and what it was? */
function onDaemon(input: DecisionInput, record: ImageRecord, view: EngineView): Decision {
  const there = view.byId.get(record.imageId)
  if (!there) return build('its image is gone from the daemon')
  for (const tag of new Set([...record.tags, ...input.tags])) {
    const id = view.byTag.get(normaliseReference(tag))
    if (id === undefined) return build(`tag ${tag} is gone`)
    if (id !== record.imageId) return build(`tag ${tag} now points elsewhere`)
  }
  for (const parent of input.parents) {
    if (record.parents[parent.id] !== parent.imageId) return build(`base ${parent.id} was rebuilt`)
  }
  if (input.maxAge !== undefined && input.now - record.builtAt > input.maxAge) {
    return build(`older than ${ageWords(input.maxAge)}`, true)
  }
  return {
    action: 'reuse',
    reason: 'unchanged',
    fresh: false,
    imageId: there.id,
    bytes: there.bytes
  }
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
