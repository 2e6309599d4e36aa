import { builderCommand } from '../builders/arguments.js'
import { type BaseReading, findEdges } from '../chain/bases.js'
import { type EngineView, viewOf } from '../chain/decide.js'
import type { FileRow, Inputs } from '../chain/fingerprint.js'
import { buildGraph, type Graph, type Node } from '../chain/graph.js'
import type { Plan, PlannedImage } from '../chain/plan.js'
import type { ImageRecord } from '../chain/record.js'
import { selectImages } from '../chain/select.js'
import type { Image, Warning } from '../manifest/image.js'
import { normaliseReference } from '../manifest/reference.js'
import type { Engine, Files, Trees } from '../ports.js'
import { type Decided, decideChain } from './decide-chain.js'
import { inheritTriggers } from './inherit-triggers.js'
import type { LoadedImages } from './load-images.js'
import { type ReadImage, readImage } from './read-image.js'
import { openSurvey } from './survey.js'

/** What planning needs from the options and the machine. */
export interface PlanRequest {
  readonly images: readonly string[]
  readonly skipImages: readonly string[]
  readonly builderArguments: readonly string[]
  readonly squash: boolean
  /** The environment of builders. */
  readonly env: Readonly<Record<string, string>>
  /** Such as `linux/amd64`: what the daemon builds for where nothing else is asked. */
  readonly platform: string
  /** An unchanged image is taken from the daemon. */
  readonly reuse: boolean
  /** Seconds; undefined: an image is never too old. */
  readonly maxAge: number | undefined
  /** Seconds since the epoch. */
  readonly now: number
}

/** What planning looks at. */
export interface PlanPorts {
  readonly files: Files
  readonly trees: Trees
  readonly engine: Engine
  /** What is remembered of earlier builds. */
  readonly memory: Memory
}

/** What is remembered of earlier builds, by image. */
export interface Memory {
  records(): ReadonlyMap<string, ImageRecord>
  /** The files of an earlier build by the digest of their set. */
  files(digest: string): readonly FileRow[] | undefined
}

/** A plan, and what building it needs to know besides. */
export interface PlannedChain {
  readonly plan: Plan
  /** References that an image stands on and that the run does not make, normalised. */
  readonly basesOf: (id: string) => readonly string[]
  /** Looks again at what an image is made from; undefined where its file is gone. */
  readonly lookAgain: (id: string) => Promise<Inputs | undefined>
}

interface Chain {
  readonly reads: readonly ReadImage[]
  readonly graph: Graph
  readonly outside: readonly (readonly string[])[]
  readonly warnings: readonly Warning[]
}

/** Orders the images, chooses among them, and decides what is done with each. */
export async function planChain(
  loaded: LoadedImages,
  request: PlanRequest,
  ports: PlanPorts
): Promise<PlannedChain> {
  const chain = await readChain(loaded.images, request, ports.files)
  const { graph } = chain
  const needs = graph.nodes.map(node => node.needs)
  const images = graph.nodes.map(node => node.image)
  const chosen = await selectImages(images, needs, request)
  const decided = await decideAll(chain, chosen, request, ports)
  const world = { request, ports }
  const places = new Map(images.map((image, index) => [image.id, index]))
  const plan: Plan = {
    manifests: loaded.manifests,
    images: graph.nodes.flatMap((node, index) =>
      chosen.has(index) ? [planned(node, decided[index], chain, world)] : []
    ),
    warnings: [...loaded.warnings, ...chain.warnings, ...reordered(graph, loaded.images)]
  }
  return {
    plan,
    basesOf: id => basesLeft(chain, places.get(id) ?? -1, chosen),
    lookAgain: id => lookAgain(chain, places.get(id) ?? -1, world)
  }
}

function basesLeft(chain: Chain, index: number, chosen: ReadonlySet<number>): readonly string[] {
  const left = (chain.graph.nodes[index]?.needs ?? []).filter(need => !chosen.has(need))
  const tags = left.flatMap(need => chain.graph.nodes[need]?.image.tags ?? [])
  return [...(chain.outside[index] ?? []), ...tags.map(normaliseReference)]
}

/** Reads an image's file and all that it takes in once more. */
async function lookAgain(
  chain: Chain,
  index: number,
  { request, ports }: World
): Promise<Inputs | undefined> {
  const view = await viewOfEngine(ports.engine)
  const before = chain.reads[index]
  if (!view || !before) return undefined
  const command = builderCommand(before.image, request)
  const read = await readImage(before.image, { ...request, command, files: ports.files })
  if (!read.bases) return undefined
  const survey = openSurvey({ ...ports, view, records: ports.memory.records() })
  return survey({ ...surveyed(chain, index, request), read })
}

async function readChain(
  images: readonly Image[],
  request: PlanRequest,
  files: Files
): Promise<Chain> {
  const texts = cachedTexts(files)
  const reads: ReadImage[] = []
  for (const image of images) {
    const command = builderCommand(image, request)
    reads.push(await readImage(image, { ...request, command, files: texts }))
  }
  const first = edgesOf(
    reads,
    reads.map(read => read.bases)
  )
  const bases = inheritTriggers(reads, first.edges)
  const found = bases ? edgesOf(reads, bases) : first
  const graph = buildGraph(
    reads.map(read => read.image),
    found.edges
  )
  const place = new Map(reads.map((read, index) => [read.image, index]))
  const inOrder = <T>(list: readonly T[]): readonly T[] =>
    graph.nodes.map(({ image }) => list[place.get(image) as number] as T)
  return {
    reads: inOrder(reads),
    graph,
    outside: inOrder(found.outside),
    warnings: [...reads.flatMap(read => read.warnings), ...found.warnings]
  }
}

const edgesOf = (reads: readonly ReadImage[], bases: readonly (BaseReading | undefined)[]) =>
  findEdges(
    reads.map(read => read.image),
    bases
  )

/** Twenty versions of an image often share one Dockerfile: each text is read once. */
function cachedTexts(files: Files): Files {
  const texts = new Map<string, Promise<string>>()
  const there = new Map<string, boolean>()
  return {
    ...files,
    exists: path => {
      const known = there.get(path) ?? files.exists(path)
      there.set(path, known)
      return known
    },
    readText: path => {
      const text = texts.get(path) ?? files.readText(path)
      texts.set(path, text)
      return text
    }
  }
}

async function decideAll(
  chain: Chain,
  chosen: ReadonlySet<number>,
  request: PlanRequest,
  ports: PlanPorts
): Promise<readonly (Decided | undefined)[]> {
  const view = await viewOfEngine(ports.engine)
  const records = ports.memory.records()
  const survey = view && request.reuse ? openSurvey({ ...ports, view, records }) : undefined
  const inputs: (Inputs | undefined)[] = []
  for (const [index, read] of chain.reads.entries()) {
    const isWanted = survey && chosen.has(index) && read.bases
    inputs.push(isWanted ? await survey(surveyed(chain, index, request)) : undefined)
  }
  return decideChain({
    graph: chain.graph,
    chosen,
    inputs,
    outside: chain.outside,
    forced: ({ image }) => {
      if (!ports.files.exists(image.file)) return `${image.fileAsWritten} missing`
      return request.reuse ? undefined : 'reuse is off'
    },
    view,
    records,
    earlierFiles: digest => ports.memory.files(digest),
    now: request.now,
    maxAge: request.maxAge
  })
}

function surveyed({ reads, graph, outside }: Chain, index: number, request: PlanRequest) {
  const read = reads[index] as ReadImage
  return {
    read,
    command: builderCommand(read.image, request),
    platform: request.platform,
    parents: (graph.nodes[index]?.needs ?? []).map(need => reads[need] as ReadImage),
    outside: outside[index] ?? []
  }
}

async function viewOfEngine(engine: Engine): Promise<EngineView | undefined> {
  return engine.images().then(viewOf, () => undefined)
}

interface World {
  readonly request: PlanRequest
  readonly ports: PlanPorts
}

function planned(
  node: Node,
  decided: Decided | undefined,
  { graph }: Chain,
  { request, ports }: World
): PlannedImage {
  const { image } = node
  const record = ports.memory.records().get(image.id)
  return {
    image,
    dependsOn: node.needs.flatMap(need => graph.nodes[need]?.image.id ?? []),
    afterAllBefore: node.afterAllBefore,
    stage: node.stage,
    action: decided?.action ?? 'build',
    reason: decided?.reason ?? '',
    fingerprint: decided?.fingerprint ?? null,
    command: builderCommand(image, request),
    evidence: decided?.evidence,
    fresh: decided?.fresh ?? false,
    imageId: decided?.imageId,
    reusedBytes: decided?.bytes,
    reusedTags: record?.tags ?? [],
    expectedSeconds: record?.seconds,
    fileMissing: !ports.files.exists(image.file)
  }
}

/** A note where the files ask for another order than the manifest's. */
function reordered(graph: Graph, images: readonly Image[]): Warning[] {
  const place = new Map(images.map((image, index) => [image.id, index]))
  return graph.nodes.flatMap(({ image, needs }) => {
    const later = needs
      .map(need => graph.nodes[need]?.image as Image)
      .filter(base => (place.get(base.id) ?? 0) > (place.get(image.id) ?? 0))
    return later.map(base => ({
      message: `${image.id} stands on ${base.id}, which the manifest lists after it: ${base.id} is built first`,
      file: image.manifest,
      position: image.position
    }))
  })
}
