import type { BuilderType, Image } from '../manifest/image.js'
import type { Command } from '../ports.js'
import type { ClassicStep } from './classic-layers.js'

/** Where and with what a builder runs. */
export interface BuildSite {
  /** The environment of builders, without credentials of the runner. */
  readonly env: Readonly<Record<string, string>>
  /** Name of the Docker context in use: its own builder is the one that sees the daemon's images. */
  readonly dockerContext: string
  /** Whether the daemon takes `--squash`; it is left out where it does not. */
  readonly canSquash: boolean
  /** Folder with the `docker` that Packer is to find first. */
  readonly shimFolder: string
  /** Path of the Packer to use. */
  readonly packerPath: string
  /** Plugin folder for Packer, where it is not its own. */
  readonly pluginPath?: string | undefined
  /** Folder for Packer's own temporary files, where it is not to choose. */
  readonly packerTemporary?: string | undefined
  /** Folder for the temporary files of all builders, where the run has one. */
  readonly temporary?: string | undefined
  /** Builders leave what they have of a failed build. */
  readonly keepFailed?: boolean
  /** `docker build` is BuildKit's; told where failed builds are kept. */
  readonly isBuildKit?: boolean
}

/** What a build made, as the builder itself tells it. */
export interface Produced {
  /** References that the builder says it made, as written; none where it does not tell. */
  readonly tags: readonly string[]
  /** Image ids that it names. */
  readonly imageIds: readonly string[]
}

/** What a builder that failed may have left on the daemon. */
export interface Left {
  /** Whole ids of containers that it named. */
  readonly containers: readonly string[]
  /** The step that failed, where the builder works in layers and keeps them. */
  readonly step: ClassicStep | undefined
}

/** One call of a builder. */
export interface Invocation {
  readonly command: Command
  readonly env: Readonly<Record<string, string>>
  /** Turns a piece of the builder's output into what the log shows; called in order. */
  readonly decode: (chunk: Buffer) => Buffer
  /** What `decode` still held back when the output ended. */
  readonly rest: () => Buffer
  /** To be asked once the builder has ended well. */
  readonly produced: () => Produced
  /** To be asked once the builder has failed. */
  readonly left: () => Left
}

/** What one call is to build. */
export interface InvocationRequest {
  readonly image: Image
  /** What the manifest asks for, by builderCommand. */
  readonly command: Command
  readonly site: BuildSite
  /** Nothing that an earlier build left is used, where the builder keeps such things. */
  readonly fresh: boolean
  /** Absolute path of a file that is to get the id of what is made, where the builder can write one. */
  readonly idFile?: string | undefined
}

/** A way to build an image. To add one: implement this, and list it in builders/index. */
export interface Builder {
  readonly type: BuilderType
  /** It writes the id of what it made to a file, and does not tell it otherwise. */
  readonly writesIdFile: boolean
  invocation(request: InvocationRequest): Invocation
}
