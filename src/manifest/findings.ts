import { ChainError, formatProblem, type Problem } from '../errors.js'
import type { Warning } from './image.js'
import type { ValuePath } from './positions.js'
import type { ManifestDocument } from './read.js'

/** Where something was found: a value, or the key of a field. */
export interface Site {
  readonly path: ValuePath
  readonly on?: 'key' | 'value'
}

/** Collects what is wrong with a manifest, or worth a warning; the same at the same place only once. */
export class Findings {
  private readonly problems = new Map<string, Problem>()
  private readonly warned = new Map<string, Warning>()

  constructor(private readonly document: ManifestDocument) {}

  report(site: Site, message: string): void {
    const key = keyOf(site, message)
    if (this.problems.has(key)) return
    const { path: file } = this.document
    const position = this.document.positionOf(site.path, site.on)
    this.problems.set(key, { place: { file, position }, message })
  }

  warn(site: Site, message: string): void {
    const key = keyOf(site, message)
    if (this.warned.has(key)) return
    const { path: file } = this.document
    const position = this.document.positionOf(site.path, site.on)
    this.warned.set(key, { message, file, position })
  }

  /** Takes in problems that have their places already. */
  include(problems: readonly Problem[]): void {
    for (const problem of problems) this.problems.set(formatProblem(problem), problem)
  }

  get warnings(): readonly Warning[] {
    return [...this.warned.values()]
  }

  /** @throws ChainError MANIFEST_INVALID with every problem, in the order of the text, if there is one */
  throwProblems(): void {
    if (this.problems.size === 0) return
    const problems = [...this.problems.values()].sort(byPlace)
    const errors = problems.length === 1 ? 'an error' : `${problems.length} errors`
    throw new ChainError('MANIFEST_INVALID', `${this.document.path} has ${errors}`, {
      where: problems[0]?.place,
      problems
    })
  }
}

function keyOf({ path, on }: Site, message: string): string {
  return JSON.stringify([path, on ?? 'value', message])
}

function byPlace(one: Problem, other: Problem): number {
  const [a, b] = [one.place?.position, other.place?.position]
  if (!a || !b) return 0
  return a.line - b.line || a.column - b.column
}
