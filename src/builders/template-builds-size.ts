import type { Place, Problem } from '../errors.js'

/** Provisioners and post-processors of all builds of a template: each build has its own of each. */
const MOST = 20_000

/**
 * What is wrong with a template that has so many builds of so many components that reading it would
 * take minutes; undefined for any that a person writes.
 * @param components provisioners and post-processors that each build may have
 */
export function tooManyComponents(
  builds: number,
  components: number,
  place: Place
): Problem | undefined {
  if (builds * components <= MOST) return undefined
  const message = `${builds} builds of ${components} provisioners and post-processors each are more than is read`
  return { place, message }
}
