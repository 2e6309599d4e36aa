import { builderCommand } from '../builders/arguments.js'
import { buildGraph, type Edges, type Graph, type Node } from '../chain/graph.js'
import type { Plan, PlannedImage } from '../chain/plan.js'
import { selectImages } from '../chain/select.js'
import type { Image } from '../manifest/image.js'
import type { Files } from '../ports.js'
import type { LoadedImages } from './load-images.js'

/** What planning needs from the options. */
export interface PlanRequest {
  readonly images: readonly string[]
  readonly skipImages: readonly string[]
  readonly builderArguments: readonly string[]
  readonly squash: boolean
}

/** Orders the images, chooses among them, and decides what is done with each. */
export async function planChain(
  loaded: LoadedImages,
  request: PlanRequest,
  files: Files
): Promise<Plan> {
  const graph = buildGraph(loaded.images, edgesOf(loaded.images))
  const images = graph.nodes.map(node => node.image)
  const needs = graph.nodes.map(node => node.needs)
  const chosen = await selectImages(images, needs, request)
  return {
    manifests: loaded.manifests,
    images: graph.nodes
      .filter((_, index) => chosen.has(index))
      .map(node => planImage(node, graph, request, files)),
    warnings: loaded.warnings
  }
}

/** Until bases are read from the files, every image keeps its place in the manifest. */
function edgesOf(images: readonly Image[]): Edges[] {
  return images.map(() => ({ needs: [], afterAllBefore: true }))
}

function planImage(node: Node, graph: Graph, request: PlanRequest, files: Files): PlannedImage {
  const { image } = node
  const fileMissing = !files.exists(image.file)
  return {
    image,
    dependsOn: node.needs.flatMap(need => graph.nodes[need]?.image.id ?? []),
    afterAllBefore: node.afterAllBefore,
    stage: node.stage,
    action: 'build',
    reason: fileMissing ? `${image.fileAsWritten} missing` : 'not built before',
    fingerprint: null,
    command: builderCommand(image, request),
    fileMissing
  }
}
