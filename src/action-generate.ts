import { annotationOf, logFence } from './adapters/action-screen.js'
import type { StepLog } from './adapters/step.js'
import { isStale } from './commands/generate.js'
import { generateProject, notUpToDate, writeStale } from './generate-project.js'
import type { Options } from './options.js'
import type { MaskText } from './report/masked-copy.js'
import { escapeControls } from './report/plain-text.js'

/**
 * `command: generate` in a workflow: with `check` an annotation on each file that is not up to date.
 * @param mask takes secrets out of what is printed beside annotations
 */
export async function generateInStep(
  options: Options,
  step: StepLog,
  mask: MaskText
): Promise<void> {
  const fence = logFence()
  const tell = (text: string) => fence.line(mask(text))
  const folder = options.workingDirectory
  const { files, warnings } = await generateProject(options)
  for (const warning of warnings) step.warning(warning.message, annotationOf(warning, folder))
  if (!options.check) {
    for (const { name } of await writeStale(files)) tell(`wrote ${escapeControls(name)}`)
    return
  }
  const stale = files.filter(isStale)
  if (stale.length === 0) return
  const { firstDifference, unifiedDiff } = await import('./report/unified-diff.js')
  for (const file of stale) {
    step.startGroup(`diff of ${escapeControls(file.name)}`)
    tell(unifiedDiff(file))
    step.endGroup()
    step.error(`${file.name} is not what the template makes of it: run build-chain generate`, {
      title: 'not up to date',
      ...annotationOf(
        { file: file.name, position: { line: firstDifference(file), column: 1 } },
        folder
      )
    })
  }
  throw notUpToDate(stale)
}
