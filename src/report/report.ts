import { type Plan, planJson } from '../chain/plan.js'
import type { PackerTool } from '../ports.js'
import type { ImageResult } from '../run/events.js'
import { imageRow, milliseconds } from './outputs.js'

interface ReportParts {
  readonly plan: Plan
  readonly results: readonly ImageResult[]
  readonly packer: PackerTool | undefined
}

/** Everything about a run as the JSON of the `report` output and of `--report FILE`. */
export function reportJson({ plan, results, packer }: ReportParts): string {
  const report = {
    ...planJson(plan),
    packer: packer ? { version: packer.version, path: packer.path, source: packer.source } : null,
    warnings: plan.warnings,
    images: results.map(result => ({
      ...imageRow(result),
      command: plan.images.find(({ image }) => image.id === result.image.id)?.command,
      startedAt: milliseconds(result.attempts?.[0]?.startedAt ?? null),
      attempts: (result.attempts ?? []).map(({ startedAt, seconds }) => ({
        startedAt: milliseconds(startedAt),
        seconds: milliseconds(seconds)
      })),
      logFile: result.logFile,
      failure: result.failure ?? null
    }))
  }
  return `${JSON.stringify(report, null, 2)}\n`
}
