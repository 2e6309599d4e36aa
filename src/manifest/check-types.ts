import type { core } from 'zod/mini'
import { describeValue, suggest } from './describe-value.js'
import type { Findings } from './findings.js'
import { fieldSchema, isImageField, isPlainlyRight, rootSchema } from './manifest-types.js'
import type { ValuePath } from './positions.js'

/** The entries of a manifest; undefined, with a report, where its value has no list of images. */
export function checkRoot(value: unknown, findings: Findings): readonly unknown[] | undefined {
  const images = (value as { readonly images?: unknown } | null)?.images
  if (Array.isArray(images) && !Array.isArray(value)) return images
  const result = rootSchema().safeParse(value)
  for (const issue of result.error?.issues ?? []) reportIssue(issue, value, [], findings)
  return result.data?.images
}

/** Reports every field of an image that has a wrong type, and gives their names; undefined where the image is no map. */
export function checkEntry(
  entry: unknown,
  path: ValuePath,
  findings: Findings
): ReadonlySet<string> | undefined {
  if (typeof entry !== 'object' || entry === null || Array.isArray(entry)) {
    findings.report({ path }, wordIssue(entry, 'an image, as a map of fields'))
    return undefined
  }
  const wrong = new Set<string>()
  for (const [field, value] of Object.entries(entry)) {
    if (!isImageField(field) || isPlainlyRight(field, value)) continue
    const result = fieldSchema(field).safeParse(value)
    if (result.success) continue
    wrong.add(field)
    for (const issue of result.error.issues) reportIssue(issue, value, [...path, field], findings)
  }
  return wrong
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

/** What was expected and what was found, with the remedy for a number or boolean that should be text. */
export function wordIssue(value: unknown, expected: string): string {
  const sentence = `expected ${expected}, found ${describeValue(value)}`
  if (typeof value === 'number' && expected === 'a string') {
    return `${sentence}: put it in quotes (as a number, 1.10 is 1.1)`
  }
  if (typeof value === 'boolean' && expected === 'a string') return `${sentence}: put it in quotes`
  return sentence
}

function valueAt(root: unknown, path: ValuePath): unknown {
  return path.reduce((value: unknown, step) => Object(value)[step], root)
}
