import { appendFileSync, statSync } from 'node:fs'

/**
 * Adds to the job summary that the runner shows for this step.
 * https://docs.github.com/en/actions/reference/workflow-commands-for-github-actions#adding-a-job-summary
 * @param write makes the text; `written`: bytes that the file has already
 * @returns why it could not be written
 */
export function appendSummary(
  path: string,
  write: (written: number) => string
): string | undefined {
  try {
    appendFileSync(path, write(statSync(path, { throwIfNoEntry: false })?.size ?? 0))
    return undefined
  } catch (error) {
    if (error instanceof Error && 'syscall' in error) return error.message
    throw error
  }
}
