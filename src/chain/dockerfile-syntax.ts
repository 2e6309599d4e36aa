import { detectSyntax } from './dockerfile-directives.js'
import type { Findings } from './dockerfile-reading.js'
import { looksLikeReference } from './dockerfile-reference.js'
import type { GivenArguments } from './dockerfile-scope.js'

const OVERRIDE = 'BUILDKIT_SYNTAX'
const DOCKERS_OWN = /(?:^|\/)docker\/dockerfile(?:-upstream)?(?:[:@]|$)/

/** Notes the image that reads the file in BuildKit's place, of `# syntax=` or of the build argument. */
export function noteSyntax(text: string, given: GivenArguments, findings: Findings): void {
  const directive = detectSyntax(text)
  const place = { stage: undefined, line: directive?.line ?? 1, reachable: true }
  const override = given.get(OVERRIDE)?.trim().split(' ', 1)[0]
  const reference = given.has(OVERRIDE) ? override : directive?.value
  if (reference === undefined && !given.has(OVERRIDE)) return
  if (reference === undefined || !looksLikeReference(reference)) {
    const variables = given.has(OVERRIDE) ? [OVERRIDE] : []
    findings.unresolved.push({ ...place, from: 'syntax', written: reference ?? '', variables })
    return
  }
  findings.bases.push({ ...place, from: 'syntax', reference })
  if (DOCKERS_OWN.test(reference)) return
  const reason = 'only the frontend itself knows what it reads'
  findings.untracked.push({ ...place, kind: 'frontend', written: reference, reason })
}
