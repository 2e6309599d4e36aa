import type { Position } from '../errors.js'

/** What builds an image. */
export type BuilderType = 'dockerfile' | 'packer'

/** Whether a manifest writes an image's `tag`, or only the name and the version to make one from. */
export type TagSource = 'written' | 'derived' | 'none'

/** An image as one manifest asks for it: every field filled in, every path absolute. */
export interface Image {
  /** `dockerfile__TAG` or `packer__FILE` as written, `#2` and so on after one that stands twice. */
  readonly id: string
  readonly name: string
  readonly version: string
  readonly builder: BuilderType
  /** Absolute path of the Dockerfile or template (a folder of HCL files, too). */
  readonly file: string
  /** `file` as the manifest writes it, placeholders filled in. */
  readonly fileAsWritten: string
  /** Absolute path: the build context of a Dockerfile, the working directory of both builders. */
  readonly workingDirectory: string
  /** Full image references as written, the manifest's `tag` first; a template's own come later. */
  readonly tags: readonly string[]
  /** Where `tags[0]` is from: the manifest's `tag`, NAME:VERSION (a template's own tags win over it), or nowhere. */
  readonly tagSource: TagSource
  readonly extraArguments: readonly string[]
  /** Names with their values, in the manifest's order. */
  readonly buildArguments: readonly (readonly [name: string, value: string])[]
  /** Tags, names, files or ids of images that come first, as written. */
  readonly dependsOn: readonly string[]
  /** Files and globs whose change means a rebuild; undefined: what the builder can see. */
  readonly inputs: readonly string[] | undefined
  /** A command for the image's `/bin/sh -c`, or a list of words. */
  readonly test: string | readonly string[] | undefined
  readonly push: boolean
  /** Minutes for one attempt; undefined: the run's. */
  readonly timeoutMinutes: number | undefined
  readonly retries: number | undefined
  /** Path of the manifest as the user gave it, and where in it the image stands. */
  readonly manifest: string
  readonly position: Position
}

/** Something the user should know, that stops nothing. */
export interface Warning {
  readonly message: string
  readonly file?: string
  readonly position?: Position
}
