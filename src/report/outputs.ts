import type { Plan } from '../chain/plan.js'
import type { ImageResult } from '../run/events.js'

/** The action's outputs, by name. */
export type Outputs = Readonly<Record<string, string>>

const unique = (values: readonly string[]) => [...new Set(values)]

function tagOutputs(tags: readonly string[]): Outputs {
  const list = unique(tags)
  return { tags: list.join('\n'), 'tags-json': JSON.stringify(list) }
}

/** An image as the `images` output and the report show it. */
export function imageRow(result: ImageResult): object {
  const { image } = result
  return {
    id: image.id,
    name: image.name,
    version: image.version,
    builder: image.builder,
    tags: result.tags.length > 0 ? result.tags : image.tags,
    imageId: result.imageId,
    digest: result.digest,
    status: result.status,
    reason: result.reason,
    seconds: milliseconds(result.seconds),
    bytes: result.bytes
  }
}

/** Seconds with as many digits as they are worth. */
export const milliseconds = (seconds: number | null): number | null =>
  seconds === null ? null : Math.round(seconds * 1000) / 1000

/** Outputs of `build`: tags are those that were seen on the daemon. */
export function buildOutputs(results: readonly ImageResult[]): Outputs {
  const there = results.filter(({ status }) => status === 'built' || status === 'reused')
  const built = results.filter(({ status }) => status === 'built')
  return {
    ...tagOutputs(there.flatMap(result => result.tags)),
    built: unique(built.flatMap(result => result.tags)).join('\n'),
    images: JSON.stringify(results.map(imageRow))
  }
}

/** Outputs of `plan`: tags are those that the chain will have. */
export function planOutputs(plan: Plan): Outputs {
  return tagOutputs(plan.images.flatMap(({ image }) => image.tags))
}
