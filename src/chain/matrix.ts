import type { PlannedImage } from './plan.js'
import type { Leg } from './stages.js'

/** A leg as a workflow's matrix has it. */
export interface MatrixLeg {
  /** For a person; no two legs have the same. */
  readonly name: string
  /** For the `images` option: it chooses the leg's images, and what they stand on. */
  readonly images: string
}

/** https://docs.github.com/en/actions/reference/workflows-and-actions/workflow-syntax#jobsjob_idstrategymatrixinclude */
export interface Matrix {
  readonly include: readonly MatrixLeg[]
}

/** A word of the `images` option for an image, by its id. */
export type WordOf = (id: string) => string

/** Inputs go by the environment, where Linux takes 128 KiB for one: https://man7.org/linux/man-pages/man2/execve.2.html */
const LONGEST_LIST = 96 * 1024

/** The first image's tag or id, with the number of the others. */
export function legName({ images: [first, ...others] }: Leg): string {
  const name = first?.image.tags[0] ?? first?.image.id ?? ''
  return others.length > 0 ? `${name} and ${others.length} more` : name
}

/** Images of a leg that no other of its images brings along. */
function lastOnes(images: readonly PlannedImage[]): readonly PlannedImage[] {
  const needed = new Set(images.flatMap(({ dependsOn }) => dependsOn))
  return images.filter(({ image }) => !needed.has(image.id))
}

/** What the `images` option is to have so that a leg's images are chosen, bases first, parted by commas. */
export function legImages({ images }: Leg, wordOf: WordOf): string {
  const list = (some: readonly PlannedImage[]) => some.map(({ image }) => wordOf(image.id)).join()
  const whole = list(images)
  return whole.length > LONGEST_LIST ? list(lastOnes(images)) : whole
}

/** Legs as a matrix. */
export function matrixOf(legs: readonly Leg[], wordOf: WordOf): Matrix {
  return { include: legs.map(leg => ({ name: legName(leg), images: legImages(leg, wordOf) })) }
}

/** A matrix for each stage of the legs. */
export function stageMatrices(legs: readonly Leg[], wordOf: WordOf): readonly Matrix[] {
  const stages: Leg[][] = []
  for (const leg of legs) {
    const stage = stages[leg.stage] ?? []
    stages[leg.stage] = stage
    stage.push(leg)
  }
  return stages.map(stage => matrixOf(stage, wordOf))
}
