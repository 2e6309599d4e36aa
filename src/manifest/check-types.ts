import type { Findings } from './findings.js'
import { isImageField, isPlainlyRight } from './manifest-types.js'
import type { ValuePath } from './positions.js'
import { wordIssue } from './word-issue.js'

/** The entries of a manifest; undefined, with a report, where its value has no list of images. */
export async function checkRoot(
  value: unknown,
  findings: Findings
): Promise<readonly unknown[] | undefined> {
  const images = (value as { readonly images?: unknown } | null)?.images
  if (Array.isArray(images) && !Array.isArray(value)) return images
  const { explainRoot } = await import('./explain-types.js')
  explainRoot(value, findings)
  return undefined
}

/** Reports every field of an image that has a wrong type, and gives their names; undefined where the image is no map. */
export async function checkEntry(
  entry: unknown,
  path: ValuePath,
  findings: Findings
): Promise<ReadonlySet<string> | undefined> {
  if (typeof entry !== 'object' || entry === null || Array.isArray(entry)) {
    findings.report({ path }, wordIssue(entry, 'an image, as a map of fields'))
    return undefined
  }
  const wrong = new Set<string>()
  for (const [field, value] of Object.entries(entry)) {
    if (!isImageField(field) || isPlainlyRight(field, value)) continue
    const { explainField } = await import('./explain-types.js')
    if (explainField({ field, value, path: [...path, field] }, findings)) wrong.add(field)
  }
  return wrong
}
