import { ChainError } from '../errors.js'

/** A daemon that goes away, or a full disk, fails the image, and what was built before is still told. */
export function problemOf(error: unknown): string {
  if (error instanceof ChainError) return error.message
  if (error instanceof Error && 'syscall' in error) return error.message
  throw error
}
