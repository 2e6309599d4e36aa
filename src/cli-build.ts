import { type Mask, openMask } from './adapters/mask.js'
import { orderedOutput } from './adapters/ordered-output.js'
import { secretSources } from './adapters/secret-sources.js'
import { isErrTerminal, writeErr, writeOut } from './adapters/standard-streams.js'
import { errPaint } from './adapters/terminal-paint.js'
import { terminalScreen } from './adapters/terminal-screen.js'
import { buildProject } from './build-project.js'
import type { Options } from './options.js'
import { failureOf } from './outcome.js'
import { openProject } from './plan-project.js'
import { buildOutputs } from './report/outputs.js'
import { planText } from './report/plan-text.js'
import type { Emit } from './run/events.js'

/** A live view on a terminal, else the builders' output, one image after another. */
async function screenFor(options: Options): Promise<Emit> {
  const mask = openMask(secretSources)
  const isPlain = options.quiet || options.verbose || process.env.TERM === 'dumb'
  if (!isErrTerminal() || isPlain || process.env.CI) {
    return verbosely(orderedOutput(terminalScreen(options, mask.text)), options, mask)
  }
  const { liveScreen } = await import('./adapters/live-screen.js')
  return liveScreen(mask.text)
}

/** With `--verbose` the plan that is built, before all else. */
function verbosely(emit: Emit, { verbose }: Options, mask: Mask): Emit {
  if (!verbose) return emit
  return event => {
    if (event.type === 'run-started') {
      writeErr(mask.text(planText(event.plan, errPaint())))
    }
    return emit(event)
  }
}

/** `build` on the command line: the log on standard error, the tags on standard output. */
export async function buildInTerminal(options: Options): Promise<void> {
  const project = await openProject(options)
  const emit = await screenFor(options)
  const built = await buildProject(project, options, { emit })
  const { results, pushes, reportFile, unwritten, interrupted } = built
  const { tags } = buildOutputs(results)
  if (tags) writeOut(`${tags}\n`)
  if (reportFile && !options.quiet) writeErr(`report: ${reportFile}\n`)
  const failure = failureOf(results, pushes, interrupted) ?? unwritten[0]
  if (failure) throw failure
}
