import { Steps } from '../steps.js'
import type { Cty } from './template-hcl-value.js'

/** Characters and elements of a value at most: a command line takes 128 KiB in one word. */
export const LARGEST = 200_000

/** Bytes of a path at most: PATH_MAX of Linux. */
export const LONGEST_PATH = 4096

export const TOO_LARGE = 'the template comes to more than is read'

/** Characters and elements of all values of a template. */
const ALL_STEPS = 20_000_000

/** Steps for one template: locals that hold one another twice would double with each. */
export const evaluationSteps = (): Steps => new Steps(ALL_STEPS)

const known = new WeakMap<Cty, number>()

/** Characters and elements of a value, what it holds twice counted twice. */
export function sizeOf(value: Cty): number {
  if (value.kind === 'string' || value.kind === 'number') return 1 + value.text.length
  if (value.kind === 'unknown') return 1 + (value.value.start?.length ?? 0)
  if (value.kind !== 'list' && value.kind !== 'object') return 1
  const before = known.get(value)
  if (before !== undefined) return before
  const items = value.kind === 'list' ? value.items : [...value.entries.values()]
  const names = value.kind === 'list' ? [] : [...value.entries.keys()]
  const size =
    items.reduce((sum, item) => sum + sizeOf(item), 1) +
    names.reduce((sum, name) => sum + name.length, 0)
  known.set(value, size)
  return size
}
