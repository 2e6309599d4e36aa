import { quoteText } from './describe-value.js'
import type { Findings, Site } from './findings.js'
import { parseReference, type Reference } from './reference.js'

/** The parts of a text that an image can be tagged with; undefined, with a report, for any other. */
export function checkReference(
  text: string,
  site: Site,
  findings: Findings
): Reference | undefined {
  const reference = parseReference(text)
  if (typeof reference !== 'string' && reference.digest === undefined) return reference
  const problem =
    typeof reference === 'string' ? reference : 'a digest is known only when the image is built'
  findings.report(site, `expected an image reference, found ${quoteText(text)}: ${problem}`)
  return undefined
}
