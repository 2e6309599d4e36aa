import { annotationOf } from './adapters/action-screen.js'
import type { Mask } from './adapters/mask.js'
import type { Step } from './adapters/step.js'
import { runsFolder } from './build-project.js'
import type { Options } from './options.js'
import { openProject } from './plan-project.js'
import { legOutputs } from './report/leg-outputs.js'
import { type Outputs, planOutputs } from './report/outputs.js'
import { shownPlan } from './shown-run.js'
import { reportPlan, tellPlan } from './tell-run.js'

interface PlanListeners {
  readonly step: Pick<Step, 'warning'>
  readonly mask: Mask
  /** Told when all secrets are known. */
  readonly onPlan: () => void
}

/**
 * `command: plan` in a workflow: its warnings as annotations, its job summary and its report.
 * @returns the step's outputs, a plan for other jobs among them
 */
export async function planInStep(
  options: Options,
  { step, mask, onPlan }: PlanListeners
): Promise<Outputs> {
  const project = await openProject(options)
  const { plan, wordOf } = await project.plan()
  onPlan()
  const legs = legOutputs(plan, wordOf)
  for (const warning of [...plan.warnings, ...legs.warnings]) {
    step.warning(warning.message, annotationOf(warning, options.workingDirectory))
  }
  const outputs = { ...planOutputs(plan), ...legs.outputs }
  const shown = mask.value({ plan: shownPlan(plan), outputs })
  const problem = tellPlan(shown.plan, options)
  if (problem) step.warning(`no job summary: ${problem}`)
  const report = await reportPlan(shown.plan, shown.outputs, runsFolder())
  return { ...outputs, report }
}
