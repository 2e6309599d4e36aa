import type { PlannedImage } from '../chain/plan.js'

/** An image that no other run builds until it is given back. */
export interface Claim {
  /** As it was planned, or as one that another run has built since. */
  readonly planned: PlannedImage
  release(): void
}
