import type { core } from 'zod/mini'
import { suggest } from './describe-value.js'
import { fieldSchema, rootSchema } from './field-schemas.js'
import type { Findings } from './findings.js'
import type { ImageField } from './manifest-types.js'
import type { ValuePath } from './positions.js'
import { wordIssue } from './word-issue.js'

/** Reports what keeps a value from being a manifest. */
export function explainRoot(value: unknown, findings: Findings): void {
  const issues = rootSchema().safeParse(value).error?.issues ?? []
  for (const issue of issues) reportIssue(issue, value, [], findings)
}

/** A field of an image whose value may be wrong. */
export interface Doubt {
  readonly field: ImageField
  readonly value: unknown
  /** Where the field stands in the manifest. */
  readonly path: ValuePath
}

/** Reports what is wrong with the value of a field; gives whether anything is. */
export function explainField({ field, value, path }: Doubt, findings: Findings): boolean {
  const issues = fieldSchema(field).safeParse(value).error?.issues ?? []
  for (const issue of issues) reportIssue(issue, value, path, findings)
  return issues.length > 0
}

function reportIssue(
  issue: core.$ZodIssue,
  value: unknown,
  base: ValuePath,
  findings: Findings
): void {
  const { path, expected, choices } = innermost(issue)
  const found = valueAt(value, path)
  const nearest = typeof found === 'string' ? suggest(found, choices) : ''
  findings.report({ path: [...base, ...path] }, wordIssue(found, expected) + nearest)
}

interface Innermost {
  readonly path: ValuePath
  readonly expected: string
  /** The only values that are right, where there are few. */
  readonly choices: readonly string[]
}

/** Where a value may be one of several things, the one that it nearly is has its error furthest inside. */
function innermost(issue: core.$ZodIssue): Innermost {
  const branches = issue.code === 'invalid_union' ? issue.errors.flat() : []
  const deepest = branches.reduce<core.$ZodIssue | undefined>(deeper, undefined)
  const path = [...issue.path, ...(deepest?.path ?? [])].map(step =>
    typeof step === 'symbol' ? String(step) : step
  )
  const choices = issue.code === 'invalid_value' ? issue.values.map(String) : []
  return { path, expected: deepest?.message ?? issue.message, choices }
}

function deeper(best: core.$ZodIssue | undefined, issue: core.$ZodIssue) {
  const isRefinement = issue.code !== 'invalid_type'
  return issue.path.length > (best?.path.length ?? 0) || isRefinement ? issue : best
}

function valueAt(root: unknown, path: ValuePath): unknown {
  return path.reduce((value: unknown, step) => Object(value)[step], root)
}
