import { actionScreen, annotationOf, logFence } from './adapters/action-screen.js'
import { endProgram } from './adapters/end-program.js'
import { openMask, openTeller } from './adapters/mask.js'
import { maskedCore } from './adapters/masked-core.js'
import { orderedOutput } from './adapters/ordered-output.js'
import { secretSources } from './adapters/secret-sources.js'
import { step } from './adapters/step.js'
import { buildProject } from './build-project.js'
import { ChainError, type ErrorCode, exitStatus, formatError } from './errors.js'
import { INPUT_KINDS } from './option-kinds.js'
import { type Options, parseOptions } from './options.js'
import { failureOf } from './outcome.js'
import { openProject } from './plan-project.js'
import { fitOutputs, tooLargeText } from './report/fit-outputs.js'
import { buildOutputs, type Outputs } from './report/outputs.js'
import { tellError } from './tell-run.js'

const mask = openMask(secretSources)
const tellSecrets = openTeller(secretSources, step.setSecret)
const core = maskedCore(step, mask.text)

const readInputs = (): Options =>
  parseOptions(Object.fromEntries(INPUT_KINDS.map(({ name }) => [name, core.getInput(name)])))

function setOutputs(outputs: Outputs): void {
  const { fitting, tooLarge } = fitOutputs(outputs)
  for (const [name, value] of Object.entries(fitting)) core.setOutput(name, value)
  if (tooLarge.length > 0) core.notice(tooLargeText(tooLarge, outputs.report))
}

/** Failures that have their annotations already. */
const ANNOTATED = new Set<ErrorCode>([
  'BUILD_FAILED',
  'BUILD_TIMEOUT',
  'CHECK_FAILED',
  'IMAGE_NOT_FOUND',
  'MOUNT_UNREACHABLE',
  'PUSH_FAILED',
  'TEST_FAILED'
])

function fail(error: unknown, folder = ''): void {
  process.exitCode = exitStatus(error)
  const isChainError = error instanceof ChainError
  if (isChainError && ANNOTATED.has(error.code))
    return logFence().line(mask.text(formatError(error)))
  if (!/^false$/i.test(core.getInput('summary'))) tellError(mask.text(formatError(error)))
  core.error(
    formatError(error),
    isChainError && error.where ? annotationOf(error.where, folder) : {}
  )
}

async function run(options: Options): Promise<void> {
  if (options.command === 'generate') {
    return (await import('./action-generate.js')).generateInStep(options, core, mask.text)
  }
  if (options.command === 'plan') {
    const { planInStep } = await import('./action-plan.js')
    return setOutputs(await planInStep(options, { step: core, mask, onPlan: tellSecrets }))
  }
  const project = await openProject(options)
  const built = await buildProject(project, options, {
    emit: orderedOutput(actionScreen(core, options.workingDirectory, mask.text)),
    onSite: ({ label, file }) => {
      core.saveState('label', label)
      core.saveState('run', file)
    },
    onPlan: tellSecrets
  })
  const { results, pushes, packer, reportFile, unwritten, interrupted } = built
  setOutputs({
    ...buildOutputs(results),
    report: reportFile,
    'packer-version': packer?.version ?? '',
    'packer-path': packer?.path ?? ''
  })
  const failure = failureOf(results, pushes, interrupted) ?? unwritten[0]
  if (failure) throw failure
}

async function main(): Promise<void> {
  try {
    tellSecrets()
    const options = readInputs()
    await run(options).catch((error: unknown) => fail(error, options.workingDirectory))
  } catch (error) {
    fail(error)
  }
  endProgram()
}

void main()
