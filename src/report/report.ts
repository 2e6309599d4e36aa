import { type Plan, planJson } from '../chain/plan.js'
import type { PackerTool } from '../ports.js'
import type { ImageResult, PushResult } from '../run/events.js'
import { imageRow, milliseconds } from './outputs.js'

interface ReportParts {
  readonly plan: Plan
  readonly results: readonly ImageResult[]
  readonly packer: PackerTool | undefined
  readonly pushes?: readonly PushResult[]
}

/** Everything about a run as the JSON of the `report` output and of `--report FILE`. */
export function reportJson({ plan, results, packer, pushes = [] }: ReportParts): string {
  const pushOf = new Map(pushes.map(push => [push.image.id, push]))
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
      failure: result.failure ?? null,
      ...pushRow(pushOf.get(result.image.id))
    }))
  }
  return `${JSON.stringify(report, null, 2)}\n`
}

/** What a push left: the tags that the registry has with their digests, and how it ended. */
function pushRow(push: PushResult | undefined): object {
  if (!push) return { pushed: [], push: null }
  const { status, reason, pushed, seconds, logFile, failure = null } = push
  const digests = Object.fromEntries(pushed.map(({ tag, digest }) => [tag, digest]))
  return {
    pushed: pushed.map(({ tag }) => tag),
    push: { status, reason, digests, seconds, logFile, failure }
  }
}
