import { writeOut } from './adapters/standard-streams.js'
import type { terminalNotes } from './adapters/terminal-notes.js'
import type { PlannedChain } from './commands/plan-chain.js'
import { INPUT_KINDS } from './option-kinds.js'
import type { RawOptions } from './options.js'
import { type ExportFormat, exportPlan } from './report/plan-formats.js'

/** What belongs to the plan alone, or is a secret. */
const OWN = new Set(['command', 'images', 'github-token'])

const linesOf = (text: string): readonly string[] =>
  text
    .split('\n')
    .map(line => line.trim())
    .filter(line => line !== '')

/** Options of a plan that each job which builds a part of it is to have, as words of a command line. */
export function sharedOptions(raw: RawOptions): readonly string[] {
  return INPUT_KINDS.flatMap(({ name, kind }) => {
    const value = raw[name]
    if (OWN.has(name) || !value?.trim()) return []
    const text = kind === 'list' ? linesOf(value).join(',') : value
    return kind === 'boolean' ? [`--${name}=${text}`] : [`--${name}`, text]
  })
}

interface ExportRequest {
  /** The options as they were given. */
  readonly raw: RawOptions
  readonly screen: Pick<ReturnType<typeof terminalNotes>, 'warn'>
}

/** Prints a plan for another program to go on from. */
export async function printExport(
  { plan, wordOf }: PlannedChain,
  format: ExportFormat,
  { raw, screen }: ExportRequest
): Promise<void> {
  const request = { wordOf, options: sharedOptions(raw) }
  const { text, warnings } = await exportPlan(plan, format, request)
  for (const warning of warnings) screen.warn(warning)
  writeOut(text)
}
