import type { Engine } from '../ports.js'
import type { BuildContext } from '../run/build-image.js'
import type { Emit, ImageResult } from '../run/events.js'
import type { OtherRuns } from './claim-image.js'
import type { RecordKeeper } from './keep-record.js'
import type { PlannedChain } from './plan-chain.js'

/** Where builds are remembered. */
export interface RecordingPorts {
  readonly engine: Engine
  readonly keeper: RecordKeeper
  /** Keeps another run from doing the same at once; two runs may both do it without. */
  readonly others?: OtherRuns | undefined
  readonly emit: Emit
}

/** What of a run's context claims and remembers its images. */
export type Recording = Pick<BuildContext, 'claim' | 'record' | 'recordTest' | 'emit'>

/** Records each build as it ends, so that what an interrupted run built is reused. */
export function recording(chain: PlannedChain, ports: RecordingPorts): Recording {
  const made = new Map<string, ImageResult>()
  const emit: Emit = event => {
    if (event.type === 'image-ended' && event.result.imageId !== null) {
      made.set(event.result.image.id, event.result)
    }
    ports.emit(event)
  }
  const imageIdOf = (id: string, reference = '') => {
    const result = made.get(id)
    return result?.furtherIds?.[reference] ?? result?.imageId ?? undefined
  }
  const record: BuildContext['record'] = async (planned, result) => {
    const { keepRecord } = await import('./keep-record.js')
    return keepRecord(planned, result, {
      engine: ports.engine,
      keeper: ports.keeper,
      lookAgain: chain.lookAgain,
      testIdentity: chain.testIdentity,
      imageIdOf,
      now: () => Date.now() / 1000
    })
  }
  const { others } = ports
  const claim: BuildContext['claim'] =
    others &&
    (async (planned, stopped) => {
      const { claimImage } = await import('./claim-image.js')
      return claimImage(planned, { ...others, imageIdOf, emit, signal: stopped })
    })
  const recordTest: BuildContext['recordTest'] = async ({ image, record }) => {
    if (record) ports.keeper.keep({ ...record, tested: chain.testIdentity(image) })
  }
  return { emit, claim, record, recordTest }
}
