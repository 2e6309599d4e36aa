import { type EngineView, imageIdIn } from '../chain/decide.js'
import { describeChange, type FileRows, type Inputs } from '../chain/fingerprint.js'
import { basePart, FILES_PART, isBasePart, shortReference } from '../chain/parts.js'
import type { Evidence, PlannedImage } from '../chain/plan.js'
import type { ImageRecord } from '../chain/record.js'
import { normaliseReference } from '../manifest/reference.js'
import type { Engine } from '../ports.js'
import type { ImageResult, Unrecorded } from '../run/events.js'
import { identityOf } from './decide-chain.js'
import { viewOfReferences } from './engine-view.js'
import type { TestIdentity } from './test-identity.js'

/** Where records go, and the files that explain a later miss. */
export interface RecordKeeper {
  keep(record: ImageRecord, files?: FileRows): void
}

/** What recording looks at. */
export interface RecordPorts {
  readonly engine: Engine
  readonly keeper: RecordKeeper
  /** Looks again at what an image is made from; undefined where its file is gone. */
  readonly lookAgain: (id: string) => Promise<Inputs | undefined>
  readonly testIdentity: TestIdentity
  /**
   * The image id of a base in the chain, as this run made or found it: the first, or the one that
   * a normalised reference names.
   */
  readonly imageIdOf: (id: string, reference?: string) => string | undefined
  /** Seconds since the epoch. */
  readonly now: () => number
}

/**
 * What changed while an image was built: the build may have seen the earlier or the later, or a
 * mixture. An empty text where nothing did.
 */
function changedMeanwhile(evidence: Evidence, now: Inputs): string {
  const own = [...evidence.parts].filter(([name]) => !isBasePart(name))
  const parts = new Map([...now.parts, [FILES_PART, now.files.digest]])
  const change = describeChange(
    { parts: new Map(own), files: evidence.files.rows, triggers: evidence.triggers },
    { ...now, parts }
  )
  if (change !== '') return change
  return now.files.stamps === evidence.files.stamps ? '' : 'a file was written and put back'
}

/** A base in the chain that is no longer what the run made or found. */
function movedParent(
  { parents }: Evidence,
  view: EngineView,
  { imageIdOf }: RecordPorts
): string | undefined {
  const moved = [...parents].find(([id, references]) =>
    references.some(name => imageIdIn(view, name) !== imageIdOf(id, name))
  )
  return moved?.[0]
}

/** An outside base that is no longer what the build was planned on, as a person knows it. */
function movedBase({ bases, parts }: Evidence, view: EngineView): string | undefined {
  const moved = bases.find(name => identityOf(name, view) !== parts.get(basePart(name)))
  return moved && shortReference(moved)
}

/** A tag of the image that another image has by now: another run on the same daemon took it. */
function lostTag({ tags, imageId, furtherIds }: ImageResult, view: EngineView): string | undefined {
  return tags.find(tag => {
    const name = normaliseReference(tag)
    return imageIdIn(view, name) !== (furtherIds?.[name] ?? imageId)
  })
}

/** What is asked of the daemon after a build: its bases, outside and in the chain, and its tags. */
function namesOf({ bases, parents }: Evidence, { tags }: ImageResult): readonly string[] {
  return [...new Set([...bases, ...[...parents.values()].flat(), ...tags.map(normaliseReference)])]
}

/** A build with what it was planned on. */
interface Build {
  readonly planned: PlannedImage
  readonly evidence: Evidence
  readonly result: ImageResult
}

/** Why a build cannot be remembered; undefined where it can. */
async function refusal(
  { planned: { image }, evidence, result }: Build,
  ports: RecordPorts
): Promise<Unrecorded | undefined> {
  const [view, now] = await Promise.all([
    viewOfReferences(ports.engine, namesOf(evidence, result)),
    ports.lookAgain(image.id)
  ])
  const foreignBase = movedParent(evidence, view, ports)
  const moved = foreignBase ?? movedBase(evidence, view)
  if (moved !== undefined) return { why: `base ${moved} moved while it was built`, foreignBase }
  if (!now) return { why: `${image.fileAsWritten} is gone` }
  const change = changedMeanwhile(evidence, now)
  if (change !== '') return { why: `${change} while it was built` }
  const lost = lostTag(result, view)
  return lost === undefined ? undefined : { why: `tag ${lost} now points elsewhere` }
}

function recordOf(
  { planned, evidence, result }: Build,
  made: Pick<ImageRecord, 'fingerprint' | 'imageId'>,
  ports: RecordPorts
): ImageRecord {
  const { image, dependsOn, fresh, freshAt } = planned
  const parents = dependsOn.flatMap(id => {
    const imageId = ports.imageIdOf(id)
    return imageId === undefined ? [] : [[id, imageId] as const]
  })
  const builtAt = ports.now()
  return {
    image: image.id,
    ...made,
    tags: result.tags,
    furtherTags: result.tags.filter(tag => !image.tags.includes(tag)),
    furtherIds: result.furtherIds,
    parents: Object.fromEntries(parents),
    parts: Object.fromEntries(evidence.parts),
    triggers: Object.fromEntries(evidence.triggers),
    tested: ports.testIdentity(image),
    builtAt,
    freshAt: fresh ? builtAt : (freshAt ?? builtAt),
    seconds: result.seconds ?? 0
  }
}

const reasonOf = (error: unknown) => (error instanceof Error ? error.message : String(error))

/**
 * Remembers a build, unless something that it is made from changed while it ran. What keeps it from
 * being remembered never fails the build.
 * @returns why nothing is remembered; undefined where it is, or where nothing could be known before
 */
export async function keepRecord(
  planned: PlannedImage,
  result: ImageResult,
  ports: RecordPorts
): Promise<Unrecorded | undefined> {
  const { evidence, fingerprint } = planned
  const { imageId } = result
  if (!evidence || fingerprint === null || imageId === null) return undefined
  const build = { planned, evidence, result }
  const unrecorded = await refusal(build, ports).catch((error: unknown) => ({
    why: `it could not be looked at again: ${reasonOf(error)}`
  }))
  if (unrecorded !== undefined) return unrecorded
  try {
    const record = recordOf(build, { fingerprint, imageId }, ports)
    ports.keeper.keep(record, evidence.files)
    return undefined
  } catch (error) {
    return { why: `it could not be written down: ${reasonOf(error)}` }
  }
}
