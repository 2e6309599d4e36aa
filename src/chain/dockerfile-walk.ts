import { declareArgument, noteProblem, setVariables } from './dockerfile-arguments.js'
import { contextPath, noteCopy, type StepContext } from './dockerfile-copies.js'
import type { StageGraph } from './dockerfile-graph.js'
import { fillMount, parseMount } from './dockerfile-mounts.js'
import { type Origin, originsOf } from './dockerfile-origins.js'
import type { BaseKind } from './dockerfile-reading.js'
import type { GlobalScope, StageScope } from './dockerfile-scope.js'
import { type Command, parseTrigger } from './dockerfile-stages.js'

/** One stage on the way through it. */
export interface WalkContext extends StepContext {
  readonly environment: StageScope
  readonly globals: GlobalScope
  readonly graph: StageGraph
}

/** Notes everything that one instruction of a stage says, and changes the stage's variables by it. */
export function walkCommand(command: Command, context: WalkContext): void {
  const { step } = command
  for (const message of command.problems) noteProblem(context, message)
  switch (step.kind) {
    case 'ARG':
      for (const each of step.assignments) declareArgument(each, context)
      break
    case 'ENV':
      setVariables(step.assignments, context)
      break
    case 'ADD':
      noteCopy(step, context)
      break
    case 'COPY':
    case 'RUN':
      noteOrigins(command, context)
      break
    case 'ONBUILD':
      noteTrigger(step.trigger, context)
  }
}

function noteOrigins(command: Command, context: WalkContext): void {
  const { step, trigger } = command
  const origins = originsOf(step, context.graph, context.escapeToken)
  for (const each of origins) {
    noteOrigin(each, trigger ? 'ONBUILD' : (step.kind as BaseKind), context)
    // A trigger may copy from the stage that it runs in.
    const last = (context.place.stage ?? 0) - (trigger ? 0 : 1)
    if (each.kind === 'stage' && each.stage > last) {
      noteProblem(context, 'a stage can only be copied from after it')
    }
  }
  if (step.kind === 'COPY' && origins[0]?.kind === 'none' && step.from === '')
    noteCopy(step, context)
  if (step.kind === 'RUN') for (const mount of step.mounts) noteMount(mount, context)
}

function noteOrigin(each: Origin, from: BaseKind, context: WalkContext): void {
  const { place, findings } = context
  if (each.kind === 'image') findings.bases.push({ ...place, from, reference: each.reference })
  if (each.kind === 'refused') {
    noteProblem(context, each.message)
    const variables = [...each.written.matchAll(/\$\{?(\w+)/g)].map(([, name = '']) => name)
    findings.unresolved.push({ ...place, from, written: each.written, variables })
  }
}

function noteMount(text: string, context: WalkContext): void {
  const { place, findings, environment, escapeToken } = context
  const mount = parseMount(text)
  const filled = fillMount(mount, environment, escapeToken)
  noteProblem(context, filled.problem)
  if (filled.type === 'secret' || filled.type === 'ssh') {
    const reason = `what a ${filled.type} mount brings is not part of the build`
    findings.untracked.push({ ...place, kind: filled.type, written: text, reason })
  }
  if (mount.from !== '' || (filled.type !== undefined && filled.type !== 'bind')) return
  const path = contextPath(filled.type && filled.problem === undefined ? (filled.source ?? '') : '')
  const unclear = filled.unknown.length > 0
  const because = unclear && { because: `the value of ${filled.unknown.join(', ')} is not known` }
  findings.sources.push({
    ...place,
    instruction: 'RUN',
    path,
    wildcards: false,
    exclude: [],
    ...because
  })
}

/** An ONBUILD that no stage of this file inherits here: what it names is needed by children only. */
function noteTrigger(trigger: string, context: WalkContext): void {
  const { graph, escapeToken, findings, place } = context
  for (const each of originsOf(parseTrigger(trigger).step, graph, escapeToken)) {
    if (each.kind !== 'image') continue
    findings.bases.push({ ...place, reachable: false, from: 'ONBUILD', reference: each.reference })
  }
}
