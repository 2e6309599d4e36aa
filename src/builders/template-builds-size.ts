import type { Place, Problem } from '../errors.js'

/** Provisioners and post-processors of all builds of a template: each build has its own of each. */
const MOST = 20_000

/**
 * What is wrong with a template whose builds have so many components that reading it would take
 * minutes; undefined for any that a person writes.
 * @param components provisioners and post-processors of all builds
 */
export function tooManyComponents(components: number, place: Place): Problem | undefined {
  if (components <= MOST) return undefined
  const message = `${components} provisioners and post-processors of all builds are more than is read`
  return { place, message }
}
