import {
  endGroup,
  error,
  getInput,
  info,
  notice,
  saveState,
  setOutput,
  setSecret,
  startGroup,
  warning
} from '@actions/core'

/**
 * The commands of @actions/core that are used, named one by one: so the bundle leaves out its
 * identity tokens, with an HTTP client of 400 KB that every step would load.
 */
export const step = {
  endGroup,
  error,
  getInput,
  info,
  notice,
  saveState,
  setOutput,
  setSecret,
  startGroup,
  warning
}

/** What a step tells the runner, and is told. */
export type Step = typeof step

/** What writes to the log of a step. */
export type StepLog = Pick<typeof step, 'endGroup' | 'error' | 'info' | 'startGroup' | 'warning'>
