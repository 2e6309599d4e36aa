import { type Plan, planJson } from '../chain/plan.js'
import { shellLine } from '../run/command-line.js'
import { type Paint, plain } from './paint.js'
import { escapeControls } from './plain-text.js'

/** Characters of a piece that is printed in one go. */
const PIECE = 65_536

/** A plan as `plan --format` asks for it, in pieces: one of thousands of images is never held as a whole. */
export function* printPlan(
  plan: Plan,
  format: 'text' | 'json',
  paint: Paint = plain
): Generator<string> {
  if (format === 'json') return yield `${JSON.stringify(planJson(plan), null, 2)}\n`
  let piece = ''
  for (const text of imageTexts(plan, paint)) {
    piece += text
    if (piece.length < PIECE) continue
    yield piece
    piece = ''
  }
  yield piece
}

const STYLES = { build: 'yellow', reuse: 'green' } as const

/** Of each image in order what is done, why, and the builder's call. */
function* imageTexts({ images }: Plan, paint: Paint): Generator<string> {
  if (images.length === 0) yield 'The chain is empty.\n'
  for (const [index, { image, action, reason, stage, dependsOn, command }] of images.entries()) {
    const name = escapeControls(image.tags.join(', ') || image.id)
    const bases = dependsOn.length > 0 ? `     on ${escapeControls(dependsOn.join(', '))}\n` : ''
    yield `${index + 1}. ${paint(STYLES[action], action)} ${name} (stage ${stage}): ${escapeControls(reason)}
${bases}     ${paint('dim', escapeControls(shellLine(command)))}
`
  }
}

/** A plan for a person. */
export const planText = (plan: Plan, paint: Paint = plain): string =>
  [...printPlan(plan, 'text', paint)].join('')
