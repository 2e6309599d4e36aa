import { expand } from './dockerfile-expand.js'
import type { Stage, StageGraph } from './dockerfile-graph.js'
import { parseMount } from './dockerfile-mounts.js'
import { looksLikeReference } from './dockerfile-reference.js'
import type { Step } from './dockerfile-steps.js'
import { Budget, type Environment } from './dockerfile-values.js'

/** What `--from` names: a stage, an outside image, nothing, or what the builder refuses. */
export type Origin =
  | { readonly kind: 'stage'; readonly stage: number }
  | { readonly kind: 'image'; readonly reference: string }
  | { readonly kind: 'none' }
  | { readonly kind: 'refused'; readonly written: string; readonly message: string }

type Names = Pick<StageGraph, 'byName'> & { readonly stages: { readonly length: number } }

const nothingSet = (): Environment => ({ get: () => undefined, budget: new Budget() })
const INTEGER = /^[+-]?\d+$/

/** What a COPY, or each mount of a RUN, takes files from besides the context. */
export function originsOf(step: Step, names: Names, escapeToken: string): readonly Origin[] {
  if (step.kind === 'COPY') return [copyOrigin(step.from, names, escapeToken)]
  if (step.kind !== 'RUN') return []
  return step.mounts.map(text => {
    const { from, problem } = parseMount(text)
    if (problem !== undefined && from.includes('$')) {
      return { kind: 'refused', written: from, message: problem }
    }
    return named(from, names)
  })
}

function copyOrigin(from: string, names: Names, escapeToken: string): Origin {
  if (expand(from, nothingSet(), { escapeToken }).text !== from) {
    const message = 'variable expansion is not supported for --from, define a stage instead'
    return { kind: 'refused', written: from, message }
  }
  if (!INTEGER.test(from)) return named(from, names)
  const stage = Number(from)
  return stage >= 0 && stage < names.stages.length
    ? { kind: 'stage', stage }
    : { kind: 'refused', written: from, message: `invalid stage index ${from}` }
}

function named(from: string, { byName }: Names): Origin {
  const stage = byName.get(from.toLowerCase())
  if (stage !== undefined) return { kind: 'stage', stage }
  if (from === '' || from === 'scratch') return { kind: 'none' }
  if (looksLikeReference(from)) return { kind: 'image', reference: from }
  return { kind: 'refused', written: from, message: `neither a stage nor an image: ${from}` }
}

/** Indexes of the stages that a target is built from, itself among them. */
export function reachableStages(
  target: number,
  graph: StageGraph,
  escapeToken: string
): ReadonlySet<number> {
  const reached = new Set([target])
  for (const index of reached) {
    const stage = graph.stages[index]
    for (const next of stage ? dependencies(stage, graph, escapeToken) : []) reached.add(next)
  }
  return reached
}

function dependencies(stage: Stage, graph: StageGraph, escapeToken: string): readonly number[] {
  const origins = stage.commands.flatMap(({ step }) => originsOf(step, graph, escapeToken))
  return [stage.parent, ...origins].flatMap(each => (each.kind === 'stage' ? [each.stage] : []))
}
