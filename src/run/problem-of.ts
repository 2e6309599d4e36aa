import { ChainError, formatProblem } from '../errors.js'
import type { Failure } from './events.js'

/** A daemon that goes away, or a full disk, fails the image, and what was built before is still told. */
export function problemOf(error: unknown): string {
  if (error instanceof ChainError) {
    return formatProblem({ place: error.where, message: error.message })
  }
  if (error instanceof Error && 'syscall' in error) return error.message
  throw error
}

/** The same with what would mend it and the code that a run ends with for it, for the failure of an image. */
export function troubleOf(error: unknown): Pick<Failure, 'message' | 'advice' | 'code'> {
  const message = problemOf(error)
  if (!(error instanceof ChainError)) return { message }
  return { message, advice: error.hint.split('\n'), code: error.code }
}
