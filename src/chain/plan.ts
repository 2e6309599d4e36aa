import type { Image, Warning } from '../manifest/image.js'
import type { Command } from '../ports.js'
import type { FileSet, Parts } from './fingerprint.js'
import type { ImageRecord } from './record.js'

/** What a run does with an image. */
export type Action = 'build' | 'reuse'

/** What the fingerprint of an image was made from. */
export interface Evidence {
  readonly parts: Parts
  readonly files: FileSet
  /** ONBUILD instructions of its outside bases, by what those bases are. */
  readonly triggers: ReadonlyMap<string, readonly string[]>
  /** References that it stands on and that the run does not make, normalised. */
  readonly bases: readonly string[]
  /** By the id of an image that it stands on and that the run makes, the references that it uses. */
  readonly parents: ReadonlyMap<string, readonly string[]>
}

/** A chosen image, in its place, with the decision about it. */
export interface PlannedImage {
  readonly image: Image
  /** Ids of the chain's images that it stands on, whether they are chosen or not. */
  readonly dependsOn: readonly string[]
  /** It waits for every earlier image of its manifest, since a base of it cannot be seen. */
  readonly afterAllBefore: boolean
  readonly stage: number
  readonly action: Action
  /** Why it is built or reused, for a person. */
  readonly reason: string
  /** `sha256:…`, or null where it cannot be known. */
  readonly fingerprint: string | null
  readonly command: Command
  /** Undefined where it cannot be known what the image is made from. */
  readonly evidence: Evidence | undefined
  /** Built although nothing changed, since it is too old: without a layer cache. */
  readonly fresh: boolean
  /** All that goes into it is known and nothing asks for a build, so that a store may bring it. */
  readonly isCertain: boolean
  /** The daemon's image that is reused. */
  readonly imageId: string | undefined
  /** All tags that the image has where it is reused, as written. */
  readonly reusedTags: readonly string[]
  /** Ids of further images that its template made, by their normalised tags. */
  readonly furtherIds?: Readonly<Record<string, string>> | undefined
  /** Those of the tags that it is to get where it is reused. */
  readonly addedTags: readonly string[]
  /** When it was last built without a layer cache, seconds since the epoch; undefined where that is not known. */
  readonly freshAt?: number | undefined
  /** Bytes of the image that is reused, as the daemon counts them. */
  readonly reusedBytes: number | undefined
  /** Seconds that it took the last time; undefined where that is not known. */
  readonly expectedSeconds: number | undefined
  /** It is reused, and has not passed its test as that is now: the test runs again. */
  readonly needsTest?: boolean
  /** What is remembered of its last build. */
  readonly record?: ImageRecord | undefined
  /** Its Dockerfile or template is not there: it can be planned, not built. */
  readonly fileMissing: boolean
}

/** The chosen images in the order in which they are built. */
export interface Plan {
  readonly manifests: readonly string[]
  readonly images: readonly PlannedImage[]
  readonly warnings: readonly Warning[]
}

/** The plan as `plan --format json` prints it: the shape is a contract, see docs/command-line.md. */
export function planJson(plan: Plan): object {
  return {
    manifests: plan.manifests,
    images: plan.images.map(({ image, ...planned }) => ({
      id: image.id,
      name: image.name,
      version: image.version,
      builder: image.builder,
      tags: image.tags,
      file: image.file,
      workingDirectory: image.workingDirectory,
      dependsOn: planned.dependsOn,
      stage: planned.stage,
      action: planned.action,
      reason: planned.reason,
      fingerprint: planned.fingerprint,
      command: planned.command
    }))
  }
}
