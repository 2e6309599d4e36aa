import { VALUE } from './budget.js'
import type { ManifestContext } from './image-source.js'
import { fillIn, type Placeholder } from './interpolate.js'
import type { ValuePath } from './positions.js'

/** To find the place of an error, and whether it is known, takes as long as many characters. */
const TELLING = 10

interface Filling {
  readonly lookUp: (placeholder: Placeholder) => string | undefined
  readonly context: ManifestContext
}

/**
 * `fillIn` for a text of a manifest, within what all its images may come to; undefined, too, where
 * that is spent, which is reported for all of them.
 */
export function fillWithin(
  text: string,
  path: ValuePath,
  { lookUp, context: { budget, findings } }: Filling
): string | undefined {
  const mayGoOn = () => budget.spend(VALUE) && !findings.isFull
  const filled = fillIn(
    text,
    placeholder => (mayGoOn() ? lookUp(placeholder) : undefined),
    message => {
      // The same is found again with each combination of a matrix.
      if (budget.spend(TELLING * message.length)) findings.report({ path }, message)
    }
  )
  const isMore = filled !== undefined && filled !== text
  return isMore && !budget.spend(filled.length) ? undefined : filled
}
