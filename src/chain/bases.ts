import type { Image, Warning } from '../manifest/image.js'
import { normaliseReference, parseReference } from '../manifest/reference.js'
import type { Edges } from './graph.js'

/** A reference to another image in a Dockerfile or a template. */
export interface BaseUse {
  /** As the file has it, variables filled in. */
  readonly reference: string
  /** From 1. */
  readonly line: number | undefined
  /** False for a stage that only the classic builder goes through: what it has changes no image. */
  readonly isNeeded?: boolean
}

/** What the file of an image says about what it stands on. */
export interface BaseReading {
  readonly bases: readonly BaseUse[]
  /** Why a base cannot be told; empty where all can. */
  readonly unseen: readonly string[]
}

/** The edges of a chain, and what lies outside of it. */
export interface ChainEdges {
  readonly edges: readonly Edges[]
  /** For each image the references that no image of the chain makes, normalised. */
  readonly outside: readonly (readonly string[])[]
  /** For each image, by the position of one that it stands on, the references that name that one, normalised. */
  readonly references: readonly ReadonlyMap<number, readonly string[]>[]
  readonly warnings: readonly Warning[]
}

interface Makers {
  /** Positions of the images by normalised tag. */
  readonly byTag: ReadonlyMap<string, number>
  /** Tags of the chain by their reference less the tag. */
  readonly byRepository: ReadonlyMap<string, readonly string[]>
  readonly byWord: ReadonlyMap<string, readonly number[]>
}

function collect<K, T>(pairs: Iterable<readonly [K, T]>): Map<K, T[]> {
  const map = new Map<K, T[]>()
  for (const [key, value] of pairs) {
    const list = map.get(key)
    if (list) list.push(value)
    else map.set(key, [value])
  }
  return map
}

const NONE: ReadonlyMap<number, readonly string[]> = new Map()

const repositoryOf = (normalised: string) => normalised.slice(0, normalised.lastIndexOf(':'))

function makersOf(images: readonly Image[]): Makers {
  const tags = images.flatMap((image, index) =>
    image.tags.map(tag => [normaliseReference(tag), index] as const)
  )
  const words = images.flatMap((image, index) =>
    [image.id, image.name, image.fileAsWritten, image.file].map(word => [word, index] as const)
  )
  return {
    byTag: new Map(tags),
    byRepository: collect(tags.map(([tag]) => [repositoryOf(tag), tag] as const)),
    byWord: collect(words)
  }
}

/**
 * Finds which images of a chain stand on which.
 * @param readings what the files say, in the order of the images; undefined where there is no file
 */
export function findEdges(
  images: readonly Image[],
  readings: readonly (BaseReading | undefined)[]
): ChainEdges {
  const makers = makersOf(images)
  const warnings: Warning[] = []
  const sorted = readings.map(reading => sortBases(reading?.bases ?? [], makers))
  const edges = images.map((image, index) => {
    const reading = readings[index]
    const { needs, unmade } = sorted[index] as SortedBases
    const misses = unmade.map(base => nearMiss(image, base, makers))
    warnings.push(...misses.filter(warning => warning !== undefined))
    const all = new Set([...dependsOn(image, makers, warnings), ...needs])
    return {
      needs: [...all].sort((a, b) => a - b),
      afterAllBefore: !reading || reading.unseen.length > 0
    }
  })
  return {
    edges,
    outside: sorted.map(({ unmade }) => [...new Set(unmade.map(nameOf))]),
    references: sorted.map(({ references }) => references),
    warnings
  }
}

/** Bases by whether an image of the chain makes them. */
interface SortedBases {
  /** Positions of their makers. */
  readonly needs: ReadonlySet<number>
  /** By the position of their maker the normalised references that count. */
  readonly references: ReadonlyMap<number, readonly string[]>
  /** Those that count and that no image of the chain makes. */
  readonly unmade: readonly BaseUse[]
}

const nameOf = ({ reference }: BaseUse) => normaliseReference(reference)

function sortBases(bases: readonly BaseUse[], { byTag }: Makers): SortedBases {
  const made = bases.flatMap(base => {
    const maker = byTag.get(nameOf(base))
    return maker === undefined ? [] : [{ maker, base }]
  })
  const counted = made.filter(({ base }) => base.isNeeded !== false)
  return {
    needs: new Set(made.map(({ maker }) => maker)),
    references:
      counted.length > 0
        ? collect(counted.map(({ maker, base }) => [maker, nameOf(base)] as const))
        : NONE,
    unmade: bases.filter(base => base.isNeeded !== false && !byTag.has(nameOf(base)))
  }
}

function dependsOn(image: Image, makers: Makers, warnings: Warning[]): number[] {
  return image.dependsOn.flatMap(word => {
    const parsed = parseReference(word)
    const byTag =
      typeof parsed === 'string' ? undefined : makers.byTag.get(normaliseReference(word))
    const found = byTag === undefined ? makers.byWord.get(word) : [byTag]
    if (found) return found
    warnings.push({
      message: `${image.id}: depends_on ${JSON.stringify(word)} names no image of the chain`,
      file: image.manifest,
      position: image.position
    })
    return []
  })
}

function nearMiss(image: Image, base: BaseUse, makers: Makers): Warning | undefined {
  const name = normaliseReference(base.reference)
  const made = makers.byRepository.get(repositoryOf(name))
  if (!made || name.includes('@')) return undefined
  return {
    message: `${image.id} stands on ${base.reference}, which the chain does not make; it makes ${made.join(', ')}`,
    file: image.file,
    ...(base.line === undefined ? {} : { position: { line: base.line, column: 1 } })
  }
}
