import { DisjointSets } from './disjoint-sets.js'
import type { Plan, PlannedImage } from './plan.js'

/** Images that one job builds. */
export interface Leg {
  /** In the order of the plan, those that are reused among them. */
  readonly images: readonly PlannedImage[]
  /** Positions of the legs that it needs. */
  readonly needs: readonly number[]
  /** Counted from 0: one more than the highest stage that it needs. */
  readonly stage: number
}

type Images = Plan['images']

/** Positions of the chosen images that each image stands on. */
type Needs = readonly (readonly number[])[]

function needsOf(images: Images): Needs {
  const places = new Map(images.map(({ image }, index) => [image.id, index]))
  return images.map(({ dependsOn }) => dependsOn.flatMap(id => places.get(id) ?? []))
}

/** Whole chains: images that stand on one another, or wait for one another, are in one set. */
function chainSets(images: Images, needs: Needs): DisjointSets {
  const sets = new DisjointSets(images.length)
  const before = new Map<string, number[]>()
  for (const [index, { image, afterAllBefore }] of images.entries()) {
    for (const need of needs[index] ?? []) sets.join(need, index)
    const earlier = before.get(image.manifest) ?? []
    // From here on this image stands for all that it waits for.
    if (afterAllBefore) for (const each of earlier.splice(0)) sets.join(each, index)
    before.set(image.manifest, earlier)
    earlier.push(index)
  }
  return sets
}

/** An image whose test is new is work, too, though it is not built. */
const hasWork = (images: Images) =>
  images.some(({ action, needsTest }) => action === 'build' || needsTest)

/**
 * A leg for each chain that has work: independent chains never share one, and no image stands in two.
 * @param images of a plan
 */
export function chainLegs(images: Images): readonly Leg[] {
  return chainSets(images, needsOf(images))
    .groups()
    .map(group => group.map(at => images[at] as PlannedImage))
    .filter(hasWork)
    .map(each => ({ images: each, needs: [], stage: 0 }))
}

/**
 * What has to be built in one job when a chain is built in several. An image whose changes cannot be
 * tracked is in no store, so it stays with what stands on it; and where a base cannot be seen, nobody
 * knows what another job would have to bring, so the chain stays whole.
 */
function jobSets(images: Images, needs: Needs): DisjointSets {
  const chains = chainSets(images, needs)
  const unseen = new Set<number>()
  for (const [index, { afterAllBefore }] of images.entries()) {
    if (afterAllBefore) unseen.add(chains.find(index))
  }
  const sets = new DisjointSets(images.length)
  for (const [index, { isCertain }] of images.entries()) {
    const chain = chains.find(index)
    if (unseen.has(chain)) sets.join(chain, index)
    if (isCertain) continue
    for (const need of needs[index] ?? []) if (!images[need]?.isCertain) sets.join(need, index)
  }
  return sets
}

/** Gives legs their needs and stages; legs are in an order in which each stands after what it needs. */
function staged(groups: readonly (readonly number[])[], images: Images, needs: Needs): Leg[] {
  const legAt = new Map(groups.flatMap((group, leg) => group.map(at => [at, leg] as const)))
  const legs: Leg[] = []
  for (const [leg, group] of groups.entries()) {
    const found = group.flatMap(at => needs[at] ?? []).flatMap(need => legAt.get(need) ?? [])
    const needed = [...new Set(found)].filter(each => each !== leg).sort((a, b) => a - b)
    legs.push({
      images: group.map(at => images[at] as PlannedImage),
      needs: needed,
      stage: needed.reduce((most, each) => Math.max(most, legs[each]?.stage ?? -1), -1) + 1
    })
  }
  return legs
}

/**
 * Legs for a chain that is built on several machines: a leg for each image that is to be built,
 * or for each few that cannot be parted, every one after those that it needs.
 * @param images of a plan
 */
export function stageLegs(images: Images): readonly Leg[] {
  const needs = needsOf(images)
  const groups = jobSets(images, needs)
    .groups()
    .filter(group => hasWork(group.map(at => images[at] as PlannedImage)))
    .sort((one, other) => (one.at(-1) ?? 0) - (other.at(-1) ?? 0))
  return staged(groups, images, needs)
}
