import type { EngineView } from '../chain/decide.js'
import { imageIdIn } from '../chain/decide.js'
import type { ImageRecord } from '../chain/record.js'
import type { Engine } from '../ports.js'
import { knownIdentity } from './decide-chain.js'
import type { Chain } from './read-chain.js'
import type { ReadImage, Triggers } from './read-image.js'

/** ONBUILD instructions that an image's build runs. */
export interface Inherited {
  /** By the normalised reference of the base that carries them; bases with none are left out. */
  readonly byReference: Triggers
  /** Those of outside bases by what these are, to be remembered: what an id names never changes. */
  readonly outside: ReadonlyMap<string, readonly string[]>
  /** Normalised references of outside bases whose instructions are not known. */
  readonly missing: readonly string[]
  /** Why those of a base in the chain cannot be told. */
  readonly hidden: readonly string[]
}

/** What the ONBUILD instructions of bases are found by. */
export interface TriggerPorts {
  readonly engine: Engine
  /** Undefined where no daemon answers. */
  readonly view: EngineView | undefined
  readonly records: ReadonlyMap<string, ImageRecord>
}

/** Tells what an image of a chain inherits. */
export type InheritedOf = (
  chain: Chain,
  chosen: ReadonlySet<number>,
  index: number
) => Promise<Inherited>

const NOTHING: Inherited = { byReference: new Map(), outside: new Map(), missing: [], hidden: [] }

/** Triggers of outside bases, asked of the daemon once in the life of an image. */
function triggerLookup({ engine, view, records }: TriggerPorts) {
  const known = new Map<string, readonly string[]>()
  for (const { triggers } of records.values()) {
    for (const [identity, list] of Object.entries(triggers)) known.set(identity, list)
  }
  return async (identity: string, reference: string) => {
    const found = known.get(identity)
    const imageId = view && imageIdIn(view, reference)
    if (found || imageId === undefined) return found
    const list = await engine.triggers(imageId).catch(() => undefined)
    if (list) known.set(identity, list)
    return list
  }
}

/** The base of the chain that the run makes under a reference. */
function makerOf(
  chain: Chain,
  chosen: ReadonlySet<number>,
  index: number,
  reference: string
): ReadImage | undefined {
  for (const [need, names] of chain.references[index] ?? []) {
    if (names.includes(reference)) return chosen.has(need) ? chain.reads[need] : undefined
  }
  return undefined
}

/** Triggers that cannot be told stand for the most that they could take from the context. */
const triggersOf = ({ onbuild, hiddenTriggers }: ReadImage): readonly string[] =>
  hiddenTriggers.length > 0 ? [...onbuild, 'COPY . /'] : onbuild

/** Opens the look at what images inherit from the ONBUILD instructions of their bases. */
export function openTriggers(ports: TriggerPorts): InheritedOf {
  const lookUp = triggerLookup(ports)
  return async (chain, chosen, index) => {
    const read = chain.reads[index]
    if (!read || read.inheritsFrom.length === 0) return NOTHING
    const byReference = new Map<string, readonly string[]>()
    const outside = new Map<string, readonly string[]>()
    const missing: string[] = []
    const hidden: string[] = []
    const add = (reference: string, list: readonly string[]) => {
      if (list.length > 0) byReference.set(reference, list)
    }
    for (const reference of read.inheritsFrom) {
      const maker = makerOf(chain, chosen, index, reference)
      if (maker) {
        add(reference, triggersOf(maker))
        hidden.push(...maker.hiddenTriggers)
        continue
      }
      const identity = knownIdentity(reference, ports.view, ports.records.get(read.image.id))
      if (identity === undefined) continue
      const list = await lookUp(identity, reference)
      if (list) {
        outside.set(identity, list)
        add(reference, list)
      } else missing.push(reference)
    }
    return { byReference, outside, missing, hidden }
  }
}

/** Whether an image was read with these triggers of its bases. */
export function isReadWith(read: ReadImage, { byReference }: Inherited): boolean {
  if (read.inherited.size === 0 && byReference.size === 0) return true
  return JSON.stringify([...read.inherited]) === JSON.stringify([...byReference])
}
