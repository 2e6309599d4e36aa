import { relative } from 'node:path'
import { textMask } from './adapters/secret-sources.js'
import { writeOut } from './adapters/standard-streams.js'
import { terminalNotes } from './adapters/terminal-notes.js'
import { outPaint } from './adapters/terminal-paint.js'
import { isStale } from './commands/generate.js'
import { generateProject, notUpToDate, writeStale } from './generate-project.js'
import type { Options } from './options.js'

/** A path as the shell that started the program has it. */
function shown(path: string): string {
  const below = relative(process.cwd(), path)
  return below.startsWith('..') ? path : below
}

/** `generate` on the command line: the paths of what was written on standard output, or the diff. */
export async function generateInTerminal(options: Options): Promise<void> {
  const { files, warnings } = await generateProject(options)
  const mask = await textMask()
  const screen = terminalNotes(options, mask.text)
  for (const warning of warnings) screen.warn(warning)
  const stale = files.filter(isStale)
  if (options.check) {
    if (stale.length === 0) return
    const { unifiedDiff } = await import('./report/unified-diff.js')
    const { paintDiff } = await import('./report/paint-diff.js')
    const paint = outPaint()
    for (const file of stale) writeOut(paintDiff(mask.text(unifiedDiff(file)), paint))
    throw notUpToDate(stale)
  }
  if (!options.dryRun) await writeStale(stale)
  for (const { path } of stale) writeOut(`${shown(path)}\n`)
  const kept = files.length - stale.length
  if (kept > 0) screen.note(`${kept} of ${files.length} up to date`)
}
