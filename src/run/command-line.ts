import type { Command } from '../ports.js'

const SAFE = /^[A-Za-z0-9_/:=.,@%+-]+$/

const quote = (word: string) => (SAFE.test(word) ? word : `'${word.replaceAll("'", `'\\''`)}'`)

/** A command as a person would type it in a POSIX shell. */
export function shellLine(command: Pick<Command, 'tool' | 'args'>): string {
  return [command.tool, ...command.args].map(quote).join(' ')
}
