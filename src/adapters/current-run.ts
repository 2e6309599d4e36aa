import { tmpdir } from 'node:os'

/** Variable with the run's id in the environment of every program that a run starts. */
export const RUN_VARIABLE = 'BUILD_CHAIN_RUN'

/** The run that this process is at; a process has one at most. */
export interface CurrentRun {
  readonly id: string
  /** Absolute path of the folder for all of its temporary files; undefined where none could be made. */
  readonly folder: string | undefined
  /** Writes down a path outside of the folder that is to go; the answer takes it back. */
  readonly note: (path: string) => () => void
}

let current: CurrentRun | undefined

/** Lets all that this process does from now on belong to a run; to none where it is undefined. */
export function setCurrentRun(run: CurrentRun | undefined): void {
  current = run
}

/** What the environment of a program is to hold, so that it is known as the run's. */
export const runEnvironment = (): Readonly<Record<string, string>> =>
  current ? { [RUN_VARIABLE]: current.id } : {}

/** Folder of the run's own; undefined where there is none. */
export const runFolder = (): string | undefined => current?.folder

/** Folder for temporary files: the run's own, else the machine's. */
export const temporaryRoot = (): string => current?.folder ?? tmpdir()

/**
 * Writes down a temporary file or folder that cannot lie in the run's folder, before it is made: whoever
 * tidies up after a run that was killed removes it.
 * @returns what takes it back, for a path that others may use later
 */
export const noteTemporary = (path: string): (() => void) => current?.note(path) ?? (() => {})
