import type * as Core from '@actions/core'
import { annotationOf } from './adapters/action-screen.js'
import { isStale } from './commands/generate.js'
import { generateProject, notUpToDate, writeStale } from './generate-project.js'
import type { Options } from './options.js'

/** `command: generate` in a workflow: with `check` an annotation on each file that is not up to date. */
export async function generateInStep(options: Options, core: typeof Core): Promise<void> {
  const folder = options.workingDirectory
  const { files, warnings } = await generateProject(options)
  for (const warning of warnings) core.warning(warning.message, annotationOf(warning, folder))
  if (!options.check) {
    for (const { name } of await writeStale(files)) core.info(`wrote ${name}`)
    return
  }
  const stale = files.filter(isStale)
  if (stale.length === 0) return
  const { firstDifference, unifiedDiff } = await import('./report/unified-diff.js')
  for (const file of stale) {
    core.startGroup(`diff of ${file.name}`)
    core.info(unifiedDiff(file))
    core.endGroup()
    core.error(`${file.name} is not what the template makes of it: run build-chain generate`, {
      title: 'not up to date',
      ...annotationOf(
        { file: file.name, position: { line: firstDifference(file), column: 1 } },
        folder
      )
    })
  }
  throw notUpToDate(stale)
}
