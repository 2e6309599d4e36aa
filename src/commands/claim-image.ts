import type { PlannedImage } from '../chain/plan.js'
import type { ImageRecord } from '../chain/record.js'
import type { ImageLocks } from '../ports.js'
import type { Claim } from '../run/claim.js'
import type { Emit } from '../run/events.js'
import type { PlannedChain } from './plan-chain.js'

/** What a run knows of other runs of its project on this machine. */
export interface OtherRuns {
  readonly locks: ImageLocks
  readonly memory: {
    records(): ReadonlyMap<string, ImageRecord>
    /** Reads what other runs have recorded since. */
    refresh(): void
  }
  /** Plans anew, as the daemon and the files are now. */
  readonly plan: () => Promise<PlannedChain>
}

/** By what an image is claimed. */
export interface ClaimPorts extends OtherRuns {
  /** The image id of a base in the chain, as this run made or found it. */
  readonly imageIdOf: (id: string) => string | undefined
  readonly emit: Emit
  readonly signal: AbortSignal
}

/** What another run builds could not stand for an image that is built whatever is known. */
const isShared = ({ fingerprint, isCertain, fresh }: PlannedImage): boolean =>
  fingerprint !== null && (isCertain || fresh)

/** Whether another run has recorded a build of what is planned here. */
function isRecorded({ image, fingerprint, record }: PlannedImage, { memory }: OtherRuns): boolean {
  memory.refresh()
  const now = memory.records().get(image.id)
  const isNew = now?.imageId !== record?.imageId || now?.builtAt !== record?.builtAt
  return isNew && now?.fingerprint === fingerprint
}

/** The image as another run has built it since it was planned, of the same files and on the same bases. */
async function madeMeanwhile(
  planned: PlannedImage,
  ports: ClaimPorts
): Promise<PlannedImage | undefined> {
  if (!isRecorded(planned, ports)) return undefined
  // Where it cannot be planned any more, its build says so better.
  const chain = await ports.plan().catch(() => undefined)
  const now = chain?.plan.images.find(({ image }) => image.id === planned.image.id)
  if (now?.action !== 'reuse' || now.fingerprint !== planned.fingerprint) return undefined
  const isOnOurs = planned.dependsOn.every(id => {
    const made = ports.imageIdOf(id)
    return made === undefined || now.record?.parents[id] === made
  })
  if (!isOnOurs) return undefined
  return {
    ...now,
    reason: `another run has built it meanwhile${now.needsTest ? '; its test is new' : ''}`
  }
}

/**
 * Takes an image for this run: waits for a run that builds it at this time, says so, and looks
 * whether it is there by now.
 */
export async function claimImage(planned: PlannedImage, ports: ClaimPorts): Promise<Claim> {
  const { emit, signal } = ports
  const { image } = planned
  if (!isShared(planned)) return { planned, release: () => {} }
  const onWait = (process: number | undefined) => {
    const who = process === undefined ? 'another run' : `process ${process}`
    emit({ type: 'note', message: `${image.id}: waiting for ${who}, which builds it, too` })
  }
  const lock = await ports.locks.take(image.id, { signal, onWait })
  const release = () => lock?.release()
  try {
    return { planned: (await madeMeanwhile(planned, ports)) ?? planned, release }
  } catch (error) {
    release()
    throw error
  }
}
