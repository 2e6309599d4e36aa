import type { core } from 'zod/mini'
import { describeValue, suggest } from './describe-value.js'
import type { Findings } from './findings.js'
import { manifestSchema } from './manifest-types.js'
import type { ValuePath } from './positions.js'

/** For an image, by its index in the list, the fields whose type is wrong; `undefined` stands for all of it. */
export type WrongFields = ReadonlyMap<number, ReadonlySet<string | undefined>>

/** Reports every value of a manifest that has a wrong type; undefined where there is no list of images. */
export function checkTypes(value: unknown, findings: Findings): WrongFields | undefined {
  const wrong = new Map<number, Set<string | undefined>>()
  let hasImages = true
  for (const issue of manifestSchema.safeParse(value, { jitless: true }).error?.issues ?? []) {
    const { path, expected } = innermost(issue)
    findings.report({ path }, wordIssue(valueAt(value, path), expected))
    const [, index, field] = path
    if (typeof index === 'number') markWrong(wrong, index, field)
    else hasImages = false
  }
  return hasImages ? wrong : undefined
}

function markWrong(
  wrong: Map<number, Set<string | undefined>>,
  index: number,
  field: string | number | undefined
): void {
  const fields = wrong.get(index) ?? new Set()
  wrong.set(index, fields.add(field === undefined ? undefined : String(field)))
}

/** Where a value may be one of several things, the one that it nearly is has its error furthest inside. */
function innermost(issue: core.$ZodIssue): { path: ValuePath; expected: string } {
  const branches = issue.code === 'invalid_union' ? issue.errors.flat() : []
  const deepest = branches.reduce<core.$ZodIssue | undefined>(deeper, undefined)
  const path = [...issue.path, ...(deepest?.path ?? [])].map(step =>
    typeof step === 'symbol' ? String(step) : step
  )
  return { path, expected: deepest?.message ?? issue.message }
}

function deeper(best: core.$ZodIssue | undefined, issue: core.$ZodIssue) {
  const isRefinement = issue.code !== 'invalid_type'
  return issue.path.length > (best?.path.length ?? 0) || isRefinement ? issue : best
}

/** What was expected and what was found, with the remedy for a number or boolean that should be text. */
export function wordIssue(value: unknown, expected: string): string {
  const sentence = `expected ${expected}, found ${describeValue(value)}`
  if (typeof value === 'number' && expected === 'a string') {
    return `${sentence}: put it in quotes (as a number, 1.10 is 1.1)`
  }
  if (typeof value === 'boolean' && expected === 'a string') return `${sentence}: put it in quotes`
  return sentence + (typeof value === 'string' ? suggestion(value, expected) : '')
}

function suggestion(value: string, expected: string): string {
  const choices = [...expected.matchAll(/`(\w+)`/g)].map(([, word]) => word ?? '')
  return suggest(value, choices)
}

function valueAt(root: unknown, path: ValuePath): unknown {
  return path.reduce((value: unknown, step) => Object(value)[step], root)
}
