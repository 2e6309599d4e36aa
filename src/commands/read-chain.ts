import { builderCommand } from '../builders/arguments.js'
import { findEdges } from '../chain/bases.js'
import { buildGraph, type Graph } from '../chain/graph.js'
import type { Image, Warning } from '../manifest/image.js'
import { normaliseReference } from '../manifest/reference.js'
import type { Files } from '../ports.js'
import { type InheritedOf, isReadWith } from './inherit-triggers.js'
import { type ReadImage, type ReadRequest, readImage } from './read-image.js'
import { remembered } from './remembered.js'

/** Images with what their files say; lists are in the order of the graph where nothing else is said. */
export interface Chain {
  /** In the manifest's order. */
  readonly listed: readonly ReadImage[]
  readonly reads: readonly ReadImage[]
  readonly graph: Graph
  /** References that no image of the chain makes, normalised. */
  readonly outside: readonly (readonly string[])[]
  /** By the position of a base in the chain, the references that name it, normalised. */
  readonly references: readonly ReadonlyMap<number, readonly string[]>[]
  readonly warnings: readonly Warning[]
}

/** What the files of a chain are read with. */
export interface ReadChainRequest extends Omit<ReadRequest, 'command' | 'files'> {
  readonly builderArguments: readonly string[]
  readonly squash: boolean
}

/** Reads the Dockerfile or template of each image. */
export async function readImages(
  images: readonly Image[],
  request: ReadChainRequest,
  files: Files
): Promise<readonly ReadImage[]> {
  const cached = cachedFiles(files)
  const reads: ReadImage[] = []
  for (const image of images) {
    const command = builderCommand(image, request)
    reads.push(await readImage(image, { ...request, command, files: cached }))
  }
  return reads
}

/** Twenty versions of an image often share one Dockerfile: each file is read once. */
function cachedFiles(files: Files): Files {
  const there = new Map<string, boolean>()
  const bytes = new Map<string, Promise<Uint8Array>>()
  const texts = new Map<string, Promise<string>>()
  const once =
    <T>(known: Map<string, T>, ask: (path: string) => T) =>
    (path: string) =>
      remembered(known, path, () => ask(path))
  return {
    ...files,
    exists: once(there, files.exists),
    read: once(bytes, files.read),
    readText: once(texts, files.readText)
  }
}

/** Orders images by what their files say. */
export function orderImages(listed: readonly ReadImage[]): Chain {
  const images = listed.map(read => read.image)
  const found = findEdges(
    images,
    listed.map(read => read.bases)
  )
  const graph = buildGraph(images, found.edges)
  const places = new Map(images.map((image, at) => [image, at]))
  const order = graph.nodes.map(({ image }) => places.get(image) as number)
  const position = new Map(order.map((at, index) => [at, index]))
  const inOrder = <T>(list: readonly T[]): readonly T[] => order.map(at => list[at] as T)
  return {
    listed,
    reads: inOrder(listed),
    graph,
    outside: inOrder(found.outside),
    references: inOrder(found.references).map(
      names => new Map([...names].map(([at, list]) => [position.get(at) as number, list]))
    ),
    warnings: [...listed.flatMap(read => read.warnings), ...found.warnings]
  }
}

/** A chain with the choice among its images. */
export interface ChosenChain {
  readonly chain: Chain
  readonly chosen: ReadonlySet<number>
}

/** Bases may bring further bases by ONBUILD, and those again; in earnest the second round is the last. */
const MOST_ROUNDS = 10

/**
 * Chooses among images, and connects them again by what each inherits from ONBUILD instructions of
 * its bases, which may name further bases.
 */
export async function connectImages(
  ordered: Chain,
  choose: (chain: Chain) => ReadonlySet<number>,
  inheritedOf: InheritedOf
): Promise<ChosenChain> {
  let chain = ordered
  for (let round = 0; ; round += 1) {
    const chosen = choose(chain)
    const changed = new Map<ReadImage, ReadImage>()
    for (const index of chosen) {
      const read = chain.reads[index] as ReadImage
      const inherited = await inheritedOf(chain, chosen, index)
      if (!isReadWith(read, inherited)) changed.set(read, read.inherit(inherited.byReference))
    }
    if (changed.size === 0 || round === MOST_ROUNDS) return { chain, chosen }
    chain = orderImages(chain.listed.map(read => changed.get(read) ?? read))
  }
}

/** References that an image stands on and that the run does not make, normalised. */
export function basesLeft({ chain, chosen }: ChosenChain, index: number): readonly string[] {
  const left = (chain.graph.nodes[index]?.needs ?? []).filter(need => !chosen.has(need))
  const names = left.flatMap(need => {
    const used = chain.references[index]?.get(need)
    return used ?? chain.graph.nodes[need]?.image.tags.map(normaliseReference) ?? []
  })
  return [...new Set([...names, ...(chain.outside[index] ?? [])])]
}

/** The same of all images that are chosen. */
export const allBasesLeft = (chosen: ChosenChain): readonly string[] => [
  ...new Set([...chosen.chosen].flatMap(index => basesLeft(chosen, index)))
]

/** References that images of a chain have, chosen or not, normalised. */
export const ownReferences = ({ listed }: Chain): ReadonlySet<string> =>
  new Set(listed.flatMap(({ image }) => image.tags.map(normaliseReference)))
