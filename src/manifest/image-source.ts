import type { Steps } from '../steps.js'
import type { Findings, Site } from './findings.js'
import type { ImageEntry } from './manifest-types.js'
import type { Combination } from './matrix.js'
import type { ValuePath } from './positions.js'

/** What a manifest's images are resolved with. */
export interface ResolveContext {
  /** Absolute path of the project's root. */
  readonly root: string
  /** The environment less what builders are not given: all that `{env[NAME]}` can see. */
  readonly env: Readonly<Record<string, string>>
  readonly exists: (path: string) => boolean
  /** Whether a path may be read for an image; without it, every path may. */
  readonly mayRead?: ((path: string) => boolean) | undefined
}

/** The same for one manifest. */
export interface ManifestContext extends ResolveContext {
  /** Absolute path of the folder that holds the manifest. */
  readonly folder: string
  readonly findings: Findings
  /** What all images may still come to. */
  readonly budget: Steps
}

/** One image to resolve: an entry of the manifest, with one combination of its matrix. */
export interface ImageSource {
  readonly entry: ImageEntry
  /** Fields whose type is wrong, which has been reported. */
  readonly wrong: ReadonlySet<string>
  readonly combination: Combination
  /** Where the entry stands in the manifest. */
  readonly path: ValuePath
}

/** The site of a field of an image, or of what is in it. */
export function siteOf(source: Pick<ImageSource, 'path'>, ...steps: (string | number)[]): Site {
  return { path: [...source.path, ...steps] }
}
