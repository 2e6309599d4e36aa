import { matrixOf, stageMatrices, type WordOf } from '../chain/matrix.js'
import type { Plan } from '../chain/plan.js'
import { chainLegs, stageLegs } from '../chain/stages.js'
import type { Warning } from '../manifest/image.js'
import type { Outputs } from './outputs.js'

/** https://docs.github.com/en/actions/reference/limits */
const MOST_LEGS = 256

/** Outputs by which a plan becomes the jobs of a workflow, with a warning where that cannot work. */
export function legOutputs(
  { images }: Plan,
  wordOf: WordOf
): { readonly outputs: Outputs; readonly warnings: readonly Warning[] } {
  const matrix = matrixOf(chainLegs(images), wordOf)
  const stages = stageMatrices(stageLegs(images), wordOf)
  const tooLong = [matrix, ...stages].find(({ include }) => include.length > MOST_LEGS)
  const message = `a matrix has ${tooLong?.include.length} legs, and GitHub takes at most ${MOST_LEGS}: choose images with \`images\``
  return {
    outputs: {
      matrix: JSON.stringify(matrix),
      'has-work': String(matrix.include.length > 0),
      stages: JSON.stringify(stages),
      'stage-count': String(stages.length)
    },
    warnings: tooLong ? [{ message }] : []
  }
}
