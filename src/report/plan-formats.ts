import { matrixOf, stageMatrices } from '../chain/matrix.js'
import type { Plan } from '../chain/plan.js'
import { chainLegs, stageLegs } from '../chain/stages.js'
import type { Warning } from '../manifest/image.js'
import type { PipelineRequest } from './gitlab-pipeline.js'

/** Formats of a plan that other programs go on from. */
export type ExportFormat = 'matrix' | 'stages' | 'gitlab' | 'bake' | 'mermaid'

/** A plan in one of them, and what the user should know of it. */
export interface ExportedPlan {
  readonly text: string
  readonly warnings: readonly Warning[]
}

const json = (value: unknown) => `${JSON.stringify(value)}\n`

async function textOf(
  plan: Plan,
  format: Exclude<ExportFormat, 'bake'>,
  request: PipelineRequest
): Promise<string> {
  if (format === 'matrix') return json(matrixOf(chainLegs(plan.images), request.wordOf))
  if (format === 'stages') return json(stageMatrices(stageLegs(plan.images), request.wordOf))
  if (format === 'mermaid') return (await import('./mermaid-graph.js')).mermaidGraph(plan)
  return (await import('./gitlab-pipeline.js')).gitlabPipeline(plan, request)
}

/** A plan as `plan --format` asks for it, where that is neither `text` nor `json`. */
export async function exportPlan(
  plan: Plan,
  format: ExportFormat,
  request: PipelineRequest
): Promise<ExportedPlan> {
  if (format === 'bake') return (await import('./bake-file.js')).bakeFile(plan)
  return { text: await textOf(plan, format, request), warnings: [] }
}
