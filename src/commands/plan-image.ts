import type { Graph, Node } from '../chain/graph.js'
import type { PlannedImage } from '../chain/plan.js'
import { type ImageRecord, tagsOfReused } from '../chain/record.js'
import type { Image, Warning } from '../manifest/image.js'
import type { Decided } from './decide-chain.js'
import type { Chain } from './read-chain.js'
import type { ReadImage } from './read-image.js'

/** What is known of an image besides its place in the chain. */
export interface Known {
  /** Undefined where nothing could be decided. */
  readonly decided: Decided | undefined
  readonly record: ImageRecord | undefined
  /** Stands for the image's test: see test-identity. */
  readonly tested: string | undefined
}

/** An image of a chain, by its position in the graph, as a plan has it. */
export function planImage({ graph, reads }: Chain, index: number, known: Known): PlannedImage {
  const node = graph.nodes[index] as Node
  const read = reads[index] as ReadImage
  const { image } = node
  const { decided, record, tested } = known
  const isTested = tested === undefined || record?.tested === tested
  const retest = decided?.action === 'reuse' && !isTested
  return {
    image,
    dependsOn: node.needs.flatMap(need => graph.nodes[need]?.image.id ?? []),
    afterAllBefore: node.afterAllBefore,
    stage: node.stage,
    action: decided?.action ?? 'build',
    reason: (decided?.reason ?? '') + (retest ? '; its test is new' : ''),
    needsTest: retest,
    record,
    fingerprint: decided?.fingerprint ?? null,
    command: read.command,
    evidence: decided?.evidence,
    fresh: decided?.fresh ?? false,
    isCertain: decided?.isCertain ?? false,
    imageId: decided?.imageId,
    reusedBytes: decided?.bytes,
    reusedTags: tagsOfReused(image, record),
    furtherIds: record?.furtherIds,
    addedTags: decided?.addedTags ?? [],
    freshAt: record?.freshAt ?? record?.builtAt,
    expectedSeconds: record?.seconds,
    fileMissing: !read.bases
  }
}

/** A note where the files ask for another order than the manifest's. */
export function reorderNotes(graph: Graph, images: readonly Image[]): Warning[] {
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
