/** What there is to know of the machine itself. */
export interface MachineFacts {
  /** Version of Node.js. */
  readonly node: string
  readonly controlGroups: 'v1' | 'v2' | 'hybrid' | 'none'
  /** Where images lie, as far as it can be told. */
  readonly disk: { readonly folder: string; readonly freeBytes: number } | undefined
  readonly memory: { readonly availableBytes: number; readonly totalBytes: number }
}

/** What the docker command says, and whether a daemon answers. */
export interface DockerFacts {
  /** Path of the docker command; undefined where there is none. */
  readonly path: string | undefined
  readonly clientVersion: string | undefined
  /** Undefined where no daemon answers. */
  readonly daemon: DaemonFacts | undefined
  /** What was said where no daemon answers. */
  readonly complaint: string
  /** Version of buildx as a plugin of the command; undefined where there is none. */
  readonly buildx: string | undefined
  /** The variable DOCKER_BUILDKIT. */
  readonly wantsBuildKit: string | undefined
}

/** What a daemon says of itself. */
export interface DaemonFacts {
  readonly version: string
  readonly storage: string
  readonly system: string
  readonly controlGroups: string
  readonly folder: string
  readonly isExperimental: boolean
}

/** What is known of Packer. */
export interface PackerFacts {
  /** The one on PATH. */
  readonly found: { readonly path: string; readonly version: string } | undefined
  /** `packer-version` accepts it. */
  readonly fits: boolean
  readonly range: string
  /** Asked only where something has to be got. */
  readonly releases:
    | { readonly address: string; readonly answers: boolean; readonly cached: readonly string[] }
    | undefined
  readonly plugins: readonly {
    readonly source: string
    readonly because: string
    readonly isThere: boolean
  }[]
}

/** What the project's manifests ask for. */
export interface ProjectFacts {
  readonly manifests: readonly string[]
  readonly images: number
  readonly packerImages: number
  /** Why the manifests could not be read. */
  readonly complaint: string | undefined
  /** `reuse` names GitHub's cache. */
  readonly wantsGithubCache: boolean
}

/** Everything that the doctor looks at. */
export interface Facts {
  readonly machine: MachineFacts
  readonly docker: DockerFacts
  readonly packer: PackerFacts
  readonly project: ProjectFacts
  /** Names of the runner's variables that are set; undefined away from a runner. */
  readonly runner: ReadonlySet<string> | undefined
}
