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

/** Why a build or a push failed, with what a person needs to mend it. */
export interface Failure {
  readonly message: string
  readonly command: Command
  /** Exit status of the command; undefined where it never ran or was ended by us. */
  readonly exitStatus: number | undefined
  /** The command's last lines. */
  readonly lastLines: readonly string[]
  /** What would mend it, where that is known; a line each. */
  readonly advice?: readonly string[]
  /** The instruction that failed, where the builder tells it. */
  readonly where?: Place
  /** The code that the run ends with, where it is another than BUILD_FAILED. */
  readonly code?: ErrorCode | undefined
}

/** Why a build is not remembered. */
export interface Unrecorded {
  readonly why: string
  /** As in ImageResult. */
  readonly foreignBase?: string | undefined
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
  /** Id of a base in the chain whose tag another process gave away meanwhile: it may stand on that, and is not pushed. */
  readonly foreignBase?: string | undefined
}

/** A tag that its registry has. */
export interface PushedTag {
  /** As written. */
  readonly tag: string
  /** Of the manifest or of the index, as the registry has it. */
  readonly digest: string
  /** False where the registry had this very image under the tag before. */
  readonly sent: boolean
}

/** Why a push failed, and of which tag. */
export interface PushFailure extends Failure {
  readonly tag: string
}

/** How a run left the tags of one image in their registries. */
export interface PushResult {
  readonly image: Image
  readonly status: 'pushed' | 'failed' | 'blocked' | 'skipped'
  /** Why it was not pushed; empty where it was. */
  readonly reason: string
  /** In the order of the image's tags; of a failed image those before the failure. */
  readonly pushed: readonly PushedTag[]
  /** Seconds since the epoch; not there where it was not begun. */
  readonly startedAt?: number
  readonly seconds: number | null
  readonly logFile: string | null
  readonly failure?: PushFailure
}

/** Everything that a run tells, in order; reporters switch over it. A `chunk` is overwritten by the next one. */
export type RunEvent =
  | { readonly type: 'run-started'; readonly plan: Plan }
  | { readonly type: 'image-started'; readonly image: Image; readonly logFile: string }
  | { readonly type: 'image-output'; readonly image: Image; readonly chunk: Buffer }
  | { readonly type: 'image-ended'; readonly result: ImageResult }
  | { readonly type: 'warning'; readonly warning: Warning }
  | { readonly type: 'note'; readonly message: string }
  | { readonly type: 'run-ended'; readonly results: readonly ImageResult[] }
  | { readonly type: 'publish-started'; readonly images: readonly Image[] }
  | { readonly type: 'push-started'; readonly image: Image; readonly logFile: string }
  | { readonly type: 'push-output'; readonly image: Image; readonly chunk: Buffer }
  | { readonly type: 'push-ended'; readonly push: PushResult }
  | { readonly type: 'publish-ended'; readonly pushes: readonly PushResult[] }

/** Hears every event. */
export type Emit = (event: RunEvent) => void
