import { type Plan, planJson } from '../chain/plan.js'
import { shellLine } from '../run/command-line.js'
import { type Paint, plain } from './paint.js'
import { escapeControls } from './plain-text.js'

/** A plan as `plan --format` asks for it. */
export function printPlan(plan: Plan, format: 'text' | 'json', paint: Paint = plain): string {
  return format === 'json' ? `${JSON.stringify(planJson(plan), null, 2)}\n` : planText(plan, paint)
}

const STYLES = { build: 'yellow', reuse: 'green' } as const

/** A plan for a person: each image in order with what is done, why, and the builder's call. */
export function planText(plan: Plan, paint: Paint = plain): string {
  const lines = plan.images.flatMap(
    ({ image, action, reason, stage, dependsOn, command }, index) => [
      `${index + 1}. ${paint(STYLES[action], action)} ${escapeControls(image.tags.join(', ') || image.id)} (stage ${stage}): ${escapeControls(reason)}`,
      ...(dependsOn.length > 0 ? [`     on ${escapeControls(dependsOn.join(', '))}`] : []),
      `     ${paint('dim', escapeControls(shellLine(command)))}`
    ]
  )
  return lines.length > 0 ? `${lines.join('\n')}\n` : 'The chain is empty.\n'
}
