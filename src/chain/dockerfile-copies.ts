import { posix } from 'node:path'
import { noteProblem } from './dockerfile-arguments.js'
import { type Expansion, expand } from './dockerfile-expand.js'
import type { ContextSource, DockerfilePlace, Findings } from './dockerfile-reading.js'
import { remoteSource } from './dockerfile-remote.js'
import type { CopyStep } from './dockerfile-steps.js'
import type { Environment } from './dockerfile-values.js'

/** Where a step stands, and how its words are read. */
export interface StepContext {
  readonly environment: Environment
  readonly escapeToken: string
  readonly place: DockerfilePlace
  readonly findings: Findings
}

/** A path below the context's root, cleaned as Go's `path.Join("/", path)` does, its slash left out. */
export function contextPath(path: string): string {
  return posix.join('/', path).replace(/^\/|\/$/g, '')
}

/** Notes what a COPY or an ADD takes from the context, and from further away. */
export function noteCopy(step: CopyStep, context: StepContext): void {
  noteProblem(context, expand(step.destination, context.environment, context).error)
  for (const written of step.sources) {
    const expansion = expand(written, context.environment, context)
    if (expansion.error !== undefined || expansion.unknown.length > 0) {
      noteUnclear(step, written, expansion, context)
    } else noteSource(step, expansion.text, context)
  }
}

function noteUnclear(
  step: CopyStep,
  written: string,
  { error, unknown }: Expansion,
  context: StepContext
): void {
  const { place, findings } = context
  const because = error ?? `the value of ${unknown.join(', ')} is not known`
  noteProblem(context, error)
  findings.sources.push({ ...place, instruction: step.kind, ...EVERYTHING, because })
  if (step.kind === 'COPY') return
  findings.untracked.push({
    ...place,
    kind: 'address',
    written,
    reason: `${because}: it may be an address`
  })
}

const EVERYTHING = { path: '', wildcards: false, exclude: [] } as const

function noteSource(step: CopyStep, source: string, context: StepContext): void {
  const { place, findings } = context
  const { text: checksum } = expand(step.checksum, context.environment, context)
  const remote = remoteSource(source, checksum)
  if (remote && step.kind === 'ADD') {
    if (remote.pinned) return
    const reason =
      remote.kind === 'git' ? 'a git repository can change' : 'what an address gives can change'
    findings.untracked.push({ ...place, kind: remote.kind, written: source, reason })
    return
  }
  if (remote) {
    const name = remote.kind === 'git' ? 'a git ref' : 'a URL'
    noteProblem(context, `source can't be ${name} for COPY: ${source}`)
  }
  findings.sources.push({ ...place, instruction: step.kind, ...pathsOf(step, source) })
}

function pathsOf(
  step: CopyStep,
  source: string
): Pick<ContextSource, 'path' | 'wildcards' | 'include' | 'exclude'> {
  const { exclude, parents } = step
  if (!parents) return { path: contextPath(source), wildcards: true, exclude }
  const pivot = source.indexOf('/./')
  const path = pivot < 0 ? '' : contextPath(source.slice(0, pivot))
  const include = contextPath(pivot < 0 ? source : source.slice(pivot + 3))
  return { path, wildcards: true, ...(include === '' ? {} : { include }), exclude }
}
