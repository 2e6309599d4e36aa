import { type Decision, type DecisionInput, decide, type EngineView } from '../chain/decide.js'
import {
  describeChange,
  FILES_PART,
  type FileRow,
  fingerprintOf,
  hashOf,
  type Inputs
} from '../chain/fingerprint.js'
import type { Graph, Node } from '../chain/graph.js'
import type { Evidence } from '../chain/plan.js'
import type { ImageRecord } from '../chain/record.js'
import { normaliseReference, parseReference } from '../manifest/reference.js'

/** What the decisions of a whole chain rest on. */
export interface DecideRequest {
  readonly graph: Graph
  readonly chosen: ReadonlySet<number>
  /** What each node is made from besides its bases; undefined where it is not chosen. */
  readonly inputs: readonly (Inputs | undefined)[]
  /** References of each node that no image of the chain makes, normalised. */
  readonly outside: readonly (readonly string[])[]
  /** Why each node is built whatever is known. */
  readonly forced: (node: Node) => string | undefined
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
  return view?.byTag.get(normaliseReference(reference))
}

/** A reference as a person writes it. */
export const shortReference = (normalised: string): string =>
  normalised.replace(/^docker\.io\/(library\/)?/, '')

/** Decides about every chosen image, bases first. */
export function decideChain(request: DecideRequest): readonly (Decided | undefined)[] {
  const decided: (Decided | undefined)[] = []
  request.graph.nodes.forEach((node, index) => {
    decided.push(request.chosen.has(index) ? decideNode(node, index, decided, request) : undefined)
  })
  return decided
}

type Done = readonly (Decided | undefined)[]

function decideNode(node: Node, index: number, done: Done, request: DecideRequest): Decided {
  const { view, records, graph } = request
  const inputs = request.inputs[index]
  const parents = node.needs.filter(need => request.chosen.has(need))
  const bases = basesOf(node, index, request)
  const missing = bases.filter(([, identity]) => identity === undefined).map(([name]) => name)
  const parts = inputs && partsOf(inputs, parents, bases, done, request)
  const record = records.get(node.image.id)
  const fingerprint = parts ? fingerprintOf(parts) : null
  const input: DecisionInput = {
    tags: node.image.tags,
    forced: request.forced(node),
    untracked: [
      ...(inputs?.untracked ?? []),
      ...missing.map(name => `base ${shortReference(name)} is not on the daemon`)
    ],
    change: () =>
      record && inputs && parts ? changeOf(record, { ...inputs, parts }, request) : '',
    fingerprint,
    record,
    parents: parents.map(at => ({
      id: graph.nodes[at]?.image.id ?? '',
      action: done[at]?.action ?? 'build',
      imageId: done[at]?.imageId
    })),
    view,
    now: request.now,
    maxAge: request.maxAge
  }
  const evidence =
    parts && inputs
      ? {
          parts,
          files: inputs.files,
          triggers: inputs.triggers,
          bases: bases.map(([name]) => name)
        }
      : undefined
  return { ...decide(input), fingerprint, evidence }
}

function basesOf(node: Node, index: number, request: DecideRequest) {
  const left = node.needs.filter(need => !request.chosen.has(need))
  const tags = left.flatMap(need => request.graph.nodes[need]?.image.tags.slice(0, 1) ?? [])
  const names = [...tags.map(normaliseReference), ...(request.outside[index] ?? [])]
  return [...new Set(names)].map(name => [name, identityOf(name, request.view)] as const)
}

function partsOf(
  inputs: Inputs,
  parents: readonly number[],
  bases: readonly (readonly [string, string | undefined])[],
  done: Done,
  request: DecideRequest
): ReadonlyMap<string, string> | undefined {
  const parts = new Map(inputs.parts)
  parts.set(FILES_PART, inputs.files.digest)
  for (const at of parents) {
    const fingerprint = done[at]?.fingerprint
    if (!fingerprint) return undefined
    parts.set(`base ${request.graph.nodes[at]?.image.id}`, hashOf(fingerprint))
  }
  for (const [name, identity] of bases) {
    if (identity === undefined) return undefined
    parts.set(`base ${shortReference(name)}`, identity)
  }
  return parts
}

function changeOf(record: ImageRecord, now: Inputs, request: DecideRequest): string {
  const parts = new Map(Object.entries(record.parts))
  const files = () => request.earlierFiles(record.parts[FILES_PART] ?? '')
  return describeChange({ parts, files }, now)
}
