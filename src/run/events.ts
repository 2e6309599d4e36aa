import type { Plan } from '../chain/plan.js'
import type { ErrorCode, Place } from '../errors.js'
import type { Image, Warning } from '../manifest/image.js'
import type { Command } from '../ports.js'

/** How a run left an image: docs/action.md tells what each means. */
export type ImageStatus = 'built' | 'reused' | 'failed' | 'blocked' | 'skipped'

/** When an attempt at building an image ran. */
export interface AttemptTime {
  /** Seconds since the epoch. */
  readonly startedAt: number
  readonly seconds: number
}

/** Why a build failed, with what a person needs to mend it. */
export interface Failure {
  readonly message: string
  readonly command: Command
  /** Exit status of the builder; undefined where it never ran or was ended by us. */
  readonly exitStatus: number | undefined
  /** The builder's last lines. */
  readonly lastLines: readonly string[]
  /** What would mend it, where the builder knows; a line each. */
  readonly advice?: readonly string[]
  /** The instruction that failed, where the builder tells it. */
  readonly where?: Place
  /** Where it is not the build that failed, but what it needs: the code that the run ends with. */
  readonly code?: ErrorCode | undefined
}

/** What became of one image. */
export interface ImageResult {
  readonly image: Image
  readonly status: ImageStatus
  readonly reason: string
  /** Tags that were seen on the daemon, as written. */
  readonly tags: readonly string[]
  readonly imageId: string | null
  /** Ids of further images that its template made, by their normalised tags. */
  readonly furtherIds?: Readonly<Record<string, string>> | undefined
  readonly digest: string | null
  readonly bytes: number | null
  /** Time of the last attempt. */
  readonly seconds: number | null
  /** All attempts in order, where the image was built or was to be. */
  readonly attempts?: readonly AttemptTime[]
  readonly logFile: string | null
  readonly failure?: Failure
}

/** Everything that a run tells, in order; reporters switch over it. */
export type RunEvent =
  | { readonly type: 'run-started'; readonly plan: Plan }
  | { readonly type: 'image-started'; readonly image: Image; readonly logFile: string }
  | { readonly type: 'image-output'; readonly image: Image; readonly chunk: Buffer }
  | { readonly type: 'image-ended'; readonly result: ImageResult }
  | { readonly type: 'warning'; readonly warning: Warning }
  | { readonly type: 'note'; readonly message: string }
  | { readonly type: 'run-ended'; readonly results: readonly ImageResult[] }

/** Hears every event; may answer later where it cannot keep up. */
export type Emit = (event: RunEvent) => void
