import type { DockerfileProblem } from './dockerfile-lines.js'

/** Where in a Dockerfile something is said; `line` counts from 1. */
export interface DockerfilePlace {
  /** Index of the stage, from 0; undefined for what stands before the first FROM. */
  readonly stage: number | undefined
  readonly line: number
  /** Whether the build of the target comes by here. */
  readonly reachable: boolean
}

export type BaseKind = 'FROM' | 'COPY' | 'RUN' | 'ONBUILD' | 'syntax'

/**
 * An image from outside the file. `syntax` is the image that reads the file; `ONBUILD` is one that a
 * trigger names: reachable where a stage of this file inherits the trigger, else only for children.
 */
export interface DockerfileBase extends DockerfilePlace {
  readonly from: BaseKind
  /** As written, variables filled in: not normalised. */
  readonly reference: string
  /** `FROM --platform`, variables filled in, where it is given and can be told. */
  readonly platform?: string
}

/** A base that cannot be told from the text. */
export interface UnresolvedBase extends DockerfilePlace {
  readonly from: BaseKind
  readonly written: string
  /** The variables in the way: without a value, or with one that is not known here. */
  readonly variables: readonly string[]
}

/** Files of the build context that an instruction can see. */
export interface ContextSource extends DockerfilePlace {
  readonly instruction: 'ADD' | 'COPY' | 'RUN'
  /** Clean path below the context's root; empty for all of it. */
  readonly path: string
  /** Whether `path` may have the wildcards of Go's `filepath.Match`. */
  readonly wildcards: boolean
  /** `COPY --parents`: what is taken below `path`, an ignore pattern. */
  readonly include?: string
  /** Ignore patterns below `path`, of what is left out. */
  readonly exclude: readonly string[]
  /** Why all of the context stands in the place of what is written. */
  readonly because?: string
}

/** Something the build takes in that no file of the context shows. */
export interface UntrackedInput extends DockerfilePlace {
  readonly kind: 'address' | 'git' | 'secret' | 'ssh' | 'frontend'
  readonly written: string
  readonly reason: string
}

/** An ARG: `value` says where its value comes from. */
export interface DeclaredArgument extends DockerfilePlace {
  readonly name: string
  /** `none`: not given, no default, so that only `--build-arg NAME` can bring one. */
  readonly value: 'given' | 'default' | 'inherited' | 'none'
}

/** A stage of the file; its name is in small letters, empty for none. */
export interface DockerfileStage {
  readonly name: string
  readonly line: number
  readonly reachable: boolean
}

/** What a Dockerfile says about its build. */
export interface DockerfileReading {
  readonly stages: readonly DockerfileStage[]
  /** Index of the stage that is built; undefined where there is none. */
  readonly target: number | undefined
  readonly bases: readonly DockerfileBase[]
  readonly unresolved: readonly UnresolvedBase[]
  readonly sources: readonly ContextSource[]
  readonly untracked: readonly UntrackedInput[]
  /** Triggers that the image will carry for its children. */
  readonly onbuild: readonly string[]
  readonly arguments: readonly DeclaredArgument[]
  readonly problems: readonly DockerfileProblem[]
}

/** A reading while it is gathered. */
export type Findings = {
  -readonly [Key in Exclude<
    keyof DockerfileReading,
    'stages' | 'target'
  >]: DockerfileReading[Key][number][]
}

/** A reading with nothing in it yet. */
export function noFindings(): Findings {
  return {
    bases: [],
    unresolved: [],
    sources: [],
    untracked: [],
    onbuild: [],
    arguments: [],
    problems: []
  }
}
