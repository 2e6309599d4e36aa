import { actionScreen, annotationOf, logFence } from './adapters/action-screen.js'
import { orderedOutput } from './adapters/ordered-output.js'
import { buildProject } from './build-project.js'
import { ChainError, type ErrorCode, exitStatus, formatError } from './errors.js'
import { INPUTS } from './option-table.js'
import { type Options, parseOptions, refuseUnavailable } from './options.js'
import { failureOf } from './outcome.js'
import { openProject } from './plan-project.js'
import { legOutputs } from './report/leg-outputs.js'
import { buildOutputs, type Outputs, planOutputs } from './report/outputs.js'

const core = await import('@actions/core')

function readInputs(): Options {
  const raw = Object.fromEntries(INPUTS.map(({ name }) => [name, core.getInput(name)]))
  if (raw['github-token']) core.setSecret(raw['github-token'])
  return parseOptions(raw)
}

function setOutputs(outputs: Outputs): void {
  for (const [name, value] of Object.entries(outputs)) core.setOutput(name, value)
}

/** Failures of images, which have their annotations already. */
const ANNOTATED = new Set<ErrorCode>(['BUILD_FAILED', 'MOUNT_UNREACHABLE'])

function fail(error: unknown, folder = ''): void {
  process.exitCode = exitStatus(error)
  const isChainError = error instanceof ChainError
  if (isChainError && ANNOTATED.has(error.code)) return logFence().line(formatError(error))
  core.error(
    formatError(error),
    isChainError && error.where ? annotationOf(error.where, folder) : {}
  )
}

async function run(options: Options): Promise<void> {
  refuseUnavailable(options)
  const project = await openProject(options)
  if (options.command === 'plan') {
    const { plan, wordOf } = await project.plan()
    const legs = legOutputs(plan, wordOf)
    for (const warning of [...plan.warnings, ...legs.warnings])
      core.warning(warning.message, annotationOf(warning, options.workingDirectory))
    return setOutputs({ ...planOutputs(plan), ...legs.outputs })
  }
  const { results, packer, reportFile } = await buildProject(project, options, {
    emit: orderedOutput(actionScreen(core, options.workingDirectory)),
    onSite: label => core.saveState('label', label)
  })
  setOutputs({
    ...buildOutputs(results),
    report: reportFile,
    'packer-version': packer?.version ?? '',
    'packer-path': packer?.path ?? ''
  })
  const failure = failureOf(results)
  if (failure) throw failure
}

try {
  const options = readInputs()
  await run(options).catch((error: unknown) => fail(error, options.workingDirectory))
} catch (error) {
  fail(error)
}
