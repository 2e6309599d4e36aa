import type { EngineView } from '../chain/decide.js'
import type { ImageRecord } from '../chain/record.js'
import type { Engine } from '../ports.js'
import { viewOfEngine, viewOfReferences } from './engine-view.js'
import { type InheritedOf, openTriggers } from './inherit-triggers.js'
import { allBasesLeft, type Chain, type ChosenChain, connectImages } from './read-chain.js'

interface LookPorts {
  readonly engine: Engine
  readonly memory: { records(): ReadonlyMap<string, ImageRecord> }
}

/** The positions that are chosen. */
type Choose = (chain: Chain) => ReadonlySet<number>

/** A chain with what the daemon has of it. */
interface Seen {
  readonly connected: ChosenChain
  /** Undefined where no daemon answers. */
  readonly view: EngineView | undefined
  readonly inheritedOf: InheritedOf
}

/**
 * Chooses among images and connects them with what the daemon has of their bases; where nothing is
 * remembered it is asked for no more than those.
 */
export async function lookAtBases(ordered: Chain, choose: Choose, ports: LookPorts): Promise<Seen> {
  const records = ports.memory.records()
  const connectBy = async (view: EngineView | undefined): Promise<Seen> => {
    const inheritedOf = openTriggers({ ...ports, view, records })
    const connected = await connectImages(ordered, choose, inheritedOf)
    return { connected, view, inheritedOf }
  }
  const whole = async () => connectBy(await viewOfEngine(ports.engine).catch(() => undefined))
  if (records.size > 0) return whole()
  const chosen = choose(ordered)
  // Nothing that a daemon could say matters to images that have no file to build.
  if (![...chosen].some(index => ordered.reads[index]?.bases)) return connectBy(undefined)
  const asked = allBasesLeft({ chain: ordered, chosen })
  const seen = await connectBy(await viewOfReferences(ports.engine, asked).catch(() => undefined))
  const isWhole = allBasesLeft(seen.connected).every(name => asked.includes(name))
  return isWhole || !seen.view ? seen : whole()
}
