import { orderedOutput } from './adapters/ordered-output.js'
import { terminalScreen } from './adapters/terminal-screen.js'
import type { Options } from './options.js'
import { failureOf } from './outcome.js'
import { buildOutputs } from './report/outputs.js'
import { buildProject, planProject } from './wire.js'

/** `build` on the command line: the log on standard error, the tags on standard output. */
export async function buildInTerminal(options: Options): Promise<void> {
  const plan = await planProject(options)
  const emit = orderedOutput(terminalScreen(options))
  const { results, reportFile } = await buildProject(plan, options, { emit })
  const { tags } = buildOutputs(results)
  if (tags) process.stdout.write(`${tags}\n`)
  if (!options.quiet) process.stderr.write(`report: ${reportFile}\n`)
  const failure = failureOf(results)
  if (failure) throw failure
}
