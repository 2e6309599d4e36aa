import { ChainError, formatProblem, type Problem } from '../errors.js'
import type { Warning } from './image.js'
import type { ValuePath } from './positions.js'
import type { ManifestDocument } from './read.js'

/** Where something was found: a value, or the key of a field. */
export interface Site {
  readonly path: ValuePath
  readonly on?: 'key' | 'value'
}

/** More than that nobody reads, and a manifest of 10 MB can have a million. */
const MOST = 1000

/** Collects what is wrong with a manifest, or worth a warning; the same at the same place only once. */
export class Findings {
  private readonly problems = new Map<string, Problem>()
  private readonly warned = new Map<string, Warning>()

  constructor(private readonly document: ManifestDocument) {}

  /** Whether there is no use in looking for more problems. */
  get isFull(): boolean {
    return this.problems.size >= MOST
  }

  /** Whether nothing is wrong so far. */
  get isEmpty(): boolean {
    return this.problems.size === 0
  }

  report(site: Site, message: string): void {
    if (this.isFull) return
    const position = this.document.positionOf(site.path, site.on)
    this.include([{ place: { file: this.document.path, position }, message }])
  }

  warn(site: Site, message: string): void {
    const { path: file } = this.document
    const position = this.document.positionOf(site.path, site.on)
    this.warned.set(formatProblem({ place: { file, position }, message }), {
      message,
      file,
      position
    })
  }

  /** Takes in problems that have their places already. */
  include(problems: readonly Problem[]): void {
    for (const problem of problems) {
      if (this.isFull) return
      this.problems.set(formatProblem(problem), problem)
    }
  }

  get warnings(): readonly Warning[] {
    return [...this.warned.values()]
  }

  /** @throws ChainError MANIFEST_INVALID with every problem, in the order of the text, if there is one */
  throwProblems(): void {
    if (this.problems.size === 0) return
    const sorted = [...this.problems.values()].sort(byPlace)
    const last = this.isFull ? [{ message: `these are the first ${MOST}, there may be more` }] : []
    const errors = sorted.length === 1 ? 'an error' : `${sorted.length} errors`
    throw new ChainError('MANIFEST_INVALID', `${this.document.path} has ${errors}`, {
      where: sorted[0]?.place,
      problems: [...sorted, ...last],
      hint: 'Every field with what it takes: docs/manifest.md#fields'
    })
  }
}

function byPlace(one: Problem, other: Problem): number {
  const [a, b] = [one.place?.position, other.place?.position]
  if (!a || !b) return 0
  return a.line - b.line || a.column - b.column
}
