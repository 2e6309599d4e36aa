import { viewOf } from '../chain/decide.js'
import { describeChange, FILES_PART, type FileRow, type Inputs } from '../chain/fingerprint.js'
import type { Evidence, PlannedImage } from '../chain/plan.js'
import type { ImageRecord } from '../chain/record.js'
import type { Engine } from '../ports.js'
import type { ImageResult } from '../run/events.js'
import { identityOf, shortReference } from './decide-chain.js'

/** Where records go, and the files that explain a later miss. */
export interface RecordKeeper {
  keep(record: ImageRecord, files: readonly FileRow[]): void
}

/** What recording looks at. */
export interface RecordPorts {
  readonly engine: Engine
  readonly keeper: RecordKeeper
  /** Looks again at what an image is made from; undefined where its file is gone. */
  readonly lookAgain: (id: string) => Promise<Inputs | undefined>
  /** The image id of a base in the chain, as this run made or found it. */
  readonly imageIdOf: (id: string) => string | undefined
  /** Seconds since the epoch. */
  readonly now: () => number
}

/**
 * What changed while an image was built: the build may have seen the earlier or the later, or a
 * mixture. An empty text where nothing did.
 */
function changedMeanwhile(evidence: Evidence, now: Inputs): string {
  const own = [...evidence.parts].filter(([name]) => now.parts.has(name) || name === FILES_PART)
  const parts = new Map([...now.parts, [FILES_PART, now.files.digest]])
  const change = describeChange(
    { parts: new Map(own), files: () => evidence.files.rows },
    { ...now, parts }
  )
  if (change !== '') return change
  return now.files.stamps === evidence.files.stamps ? '' : 'a file was written and put back'
}

async function movedBase(evidence: Evidence, engine: Engine): Promise<string | undefined> {
  if (evidence.bases.length === 0) return undefined
  const view = viewOf(await engine.images())
  return evidence.bases.find(
    name => identityOf(name, view) !== evidence.parts.get(`base ${shortReference(name)}`)
  )
}

/**
 * Remembers a build, unless something that it is made from changed while it ran.
 * @returns why nothing is remembered; undefined where it is, or where nothing could be known before
 */
export async function keepRecord(
  planned: PlannedImage,
  result: ImageResult,
  ports: RecordPorts
): Promise<string | undefined> {
  const { evidence, fingerprint, image } = planned
  if (!evidence || fingerprint === null || result.imageId === null) return undefined
  const now = await ports.lookAgain(image.id)
  if (!now) return `${image.fileAsWritten} is gone`
  const change = changedMeanwhile(evidence, now)
  if (change !== '') return `${change} while it was built`
  const moved = await movedBase(evidence, ports.engine)
  if (moved !== undefined) return `base ${shortReference(moved)} moved while it was built`
  const parents = planned.dependsOn.flatMap(id => {
    const imageId = ports.imageIdOf(id)
    return imageId === undefined ? [] : [[id, imageId] as const]
  })
  ports.keeper.keep(
    {
      image: image.id,
      fingerprint,
      imageId: result.imageId,
      tags: result.tags,
      parents: Object.fromEntries(parents),
      parts: Object.fromEntries(evidence.parts),
      triggers: Object.fromEntries(evidence.triggers),
      builtAt: ports.now(),
      seconds: result.seconds ?? 0
    },
    evidence.files.rows
  )
  return undefined
}
