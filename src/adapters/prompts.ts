import { CANCEL_SYMBOL, type ConfirmOptions, confirm, type TextOptions, text } from '@clack/prompts'
import { ChainError } from '../errors.js'

// Standard output is for results.
const output = process.stderr

/** Whether somebody is there to be asked. */
export const isAnswerable = (): boolean =>
  process.stdin.isTTY === true && output.isTTY === true && !process.env.CI

function given<T extends string | boolean>(answer: T | typeof CANCEL_SYMBOL): T {
  if (answer !== CANCEL_SYMBOL) return answer
  throw new ChainError('INTERRUPTED', 'cancelled', { hint: 'Nothing was written.' })
}

/** A question for a line of text. */
export interface Question {
  readonly message: string
  readonly proposal: string
  /** Why an answer will not do; undefined where it will. */
  readonly problemOf: (answer: string) => string | undefined
}

/**
 * Asks for a line of text on the terminal; an empty answer is the proposal.
 * @throws ChainError INTERRUPTED where the user cancels
 */
export async function askText({ message, proposal, problemOf }: Question): Promise<string> {
  const options: TextOptions = {
    message,
    output,
    placeholder: proposal,
    defaultValue: proposal,
    validate: answer => (answer ? problemOf(answer) : undefined)
  }
  return given(await text(options))
}

/**
 * Asks for yes or no on the terminal.
 * @throws ChainError INTERRUPTED where the user cancels
 */
export async function askConfirm(message: string): Promise<boolean> {
  const options: ConfirmOptions = { message, output, initialValue: true }
  return given(await confirm(options))
}
