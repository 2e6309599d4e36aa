import {
  type Decision,
  type DecisionInput,
  decide,
  type EngineView,
  imageIdIn
} from '../chain/decide.js'
import {
  describeChange,
  type FileRow,
  fingerprintOf,
  hashOf,
  type Inputs,
  NO_FILES,
  type Parts
} from '../chain/fingerprint.js'
import type { Graph, Node } from '../chain/graph.js'
import { basePart, FILES_PART, parentPart } from '../chain/parts.js'
import type { Evidence } from '../chain/plan.js'
import { type ImageRecord, tagsOfReused } from '../chain/record.js'
import { normaliseReference, parseReference } from '../manifest/reference.js'

/** What the decisions of a whole chain rest on. */
export interface DecideRequest {
  readonly graph: Graph
  readonly chosen: ReadonlySet<number>
  /** What each node is made from besides its bases; undefined where it is not chosen. */
  readonly inputs: readonly (Inputs | undefined)[]
  /** References that a node stands on and that the run does not make, normalised. */
  readonly basesOf: (index: number) => readonly string[]
  /** For each node, the references by which it names its bases in the chain, normalised. */
  readonly references: readonly ReadonlyMap<number, readonly string[]>[]
  /** Why each node is built whatever is known. */
  readonly forced: (node: Node, index: number) => string | undefined
  readonly view: EngineView | undefined
  readonly records: ReadonlyMap<string, ImageRecord>
  /** The files of an earlier build by the digest of its set, where they are remembered. */
  readonly earlierFiles: (digest: string) => readonly FileRow[] | undefined
  /** Seconds since the epoch. */
  readonly now: number
  readonly maxAge: number | undefined
}

/** A decision with what it rests on. */
export interface Decided extends Decision {
  readonly fingerprint: string | null
  readonly evidence: Evidence | undefined
}

/** What an outside base is, so that its moving is seen: a digest that the reference has, or the daemon's image. */
export function identityOf(reference: string, view: EngineView | undefined): string | undefined {
  const parsed = parseReference(reference)
  if (typeof parsed !== 'string' && parsed.digest) return parsed.digest
  return view && imageIdIn(view, normaliseReference(reference))
}

/**
 * What an outside base is, or was when its image was built: a base that is gone from the daemon is
 * not needed for an image that is there.
 */
export function knownIdentity(
  reference: string,
  view: EngineView | undefined,
  record: ImageRecord | undefined
): string | undefined {
  return identityOf(reference, view) ?? record?.parts[basePart(reference)]
}

/** Decides about every chosen image, bases first. */
export function decideChain(request: DecideRequest): readonly (Decided | undefined)[] {
  const decided: (Decided | undefined)[] = []
  request.graph.nodes.forEach((node, index) => {
    decided.push(request.chosen.has(index) ? decideNode(node, index, decided, request) : undefined)
  })
  return decided
}

type Done = readonly (Decided | undefined)[]

type Identities = ReadonlyMap<string, string | undefined>

/** What an image stands on: positions of those in the run, and what the others are. */
interface Standing {
  readonly parents: readonly number[]
  readonly bases: Identities
}

function standingOf(node: Node, index: number, request: DecideRequest): Standing {
  const record = request.records.get(node.image.id)
  const missing = request.inputs[index]?.missing ?? []
  const identity = (name: string) =>
    missing.includes(name) ? undefined : knownIdentity(name, request.view, record)
  return {
    parents: node.needs.filter(need => request.chosen.has(need)),
    bases: new Map(request.basesOf(index).map(name => [name, identity(name)]))
  }
}

function decideNode(node: Node, index: number, done: Done, request: DecideRequest): Decided {
  const { view, records, graph } = request
  const { image } = node
  const inputs = request.inputs[index]
  const record = records.get(image.id)
  const standing = standingOf(node, index, request)
  const parts = inputs && partsOf(inputs, standing, done, request)
  const fingerprint = parts && isComplete(parts) ? fingerprintOf(parts) : null
  const input: DecisionInput = {
    tags: tagsOfReused(image, record),
    forced: request.forced(node, index),
    untracked: inputs?.untracked ?? [],
    change: () =>
      record && inputs && parts ? changeOf(record, { ...inputs, parts }, request) : '',
    fingerprint,
    record,
    parents: standing.parents.map(at => ({
      id: graph.nodes[at]?.image.id ?? '',
      action: done[at]?.action ?? 'build',
      isCertain: done[at]?.isCertain ?? false,
      imageId: done[at]?.imageId
    })),
    view,
    now: request.now,
    maxAge: request.maxAge
  }
  const evidence =
    fingerprint !== null && parts && inputs
      ? evidenceOf(standing, index, { ...inputs, parts }, request)
      : undefined
  return { ...decide(input), fingerprint, evidence }
}

function evidenceOf(
  { parents, bases }: Standing,
  index: number,
  { parts, files, triggers }: Inputs,
  { graph, references }: DecideRequest
): Evidence {
  const named = parents.map(
    at => [graph.nodes[at]?.image.id ?? '', references[index]?.get(at) ?? []] as const
  )
  return { parts, files, triggers, bases: [...bases.keys()], parents: new Map(named) }
}

/** Stands for what a base is that is not on the daemon, and never was when the image was built. */
const MISSING = '?'

const isComplete = (parts: Parts) => ![...parts.values()].includes(MISSING)

function partsOf(
  inputs: Inputs,
  { parents, bases }: Standing,
  done: Done,
  request: DecideRequest
): Parts {
  const parts = new Map(inputs.parts)
  parts.set(FILES_PART, inputs.files.digest)
  for (const at of parents) {
    const fingerprint = done[at]?.fingerprint
    const id = request.graph.nodes[at]?.image.id ?? ''
    parts.set(parentPart(id), fingerprint ? hashOf(fingerprint) : MISSING)
  }
  for (const [name, identity] of bases) parts.set(basePart(name), identity ?? MISSING)
  return parts
}

function changeOf(record: ImageRecord, now: Inputs, request: DecideRequest): string {
  const parts = new Map(Object.entries(record.parts))
  const digest = record.parts[FILES_PART] ?? ''
  const files = () => (digest === NO_FILES.digest ? NO_FILES.rows() : request.earlierFiles(digest))
  const triggers = new Map(Object.entries(record.triggers))
  return describeChange({ parts, files, triggers }, now)
}
