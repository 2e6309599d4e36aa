import { ChainError } from '../errors.js'
import type { Emit } from '../run/events.js'
import { files } from './files.js'

/** Writes what a run leaves besides its images. */
export interface RunWriter {
  /** Writes a file; whether that could be done. */
  write(path: string, text: string): Promise<boolean>
  /** What was asked for and could not be written. */
  readonly failures: readonly ChainError[]
}

/**
 * A writer for the end of a run: what cannot be written keeps nothing else from being told.
 * @param asked the paths that the user has asked for; of any other a warning is all that is told
 */
export function runWriter(asked: readonly string[], emit: Emit): RunWriter {
  const failures: ChainError[] = []
  const write = async (path: string, text: string) => {
    try {
      await files.write(path, text)
      return true
    } catch (error) {
      if (!(error instanceof ChainError)) throw error
      if (asked.includes(path)) failures.push(error)
      emit({ type: 'warning', warning: { message: error.message, file: path } })
      return false
    }
  }
  return { write, failures }
}
