import { parseReference } from '../manifest/reference.js'
import { transientReason } from './transient.js'

/** What docker says where a registry wants another login, or another permission. */
const REFUSED =
  /unauthorized|\bdenied\b|no basic auth credentials|authentication required|insufficient_scope|\b403 Forbidden\b/i

/** Failures of a push that pass by themselves, besides those that a builder can meet. */
const TRANSIENT: readonly (readonly [pattern: RegExp, reason: string])[] = [
  [/\bconnection refused\b/i, 'nothing answered where the registry is'],
  [/\bparsing HTTP 429\b/i, 'the registry limits its rate'],
  [/\bparsing HTTP 50[0234]\b|\bHTTP status: 50[0234]\b/i, 'the registry failed for now'],
  [/\bblob upload (unknown|invalid)\b/i, 'the registry lost an upload'],
  [/\bEOF\b|broken pipe|use of closed network connection/i, 'the connection was cut off'],
  [/context deadline exceeded|Client\.Timeout/i, 'the registry did not answer in time']
]

/** Why a further attempt to push may end better, from docker's last lines; undefined where it may not. */
export function pushTransientReason(lastLines: readonly string[]): string | undefined {
  const known = transientReason(lastLines)
  if (known !== undefined) return known
  const text = lastLines.join('\n')
  if (REFUSED.test(text)) return undefined
  return TRANSIENT.find(([pattern]) => pattern.test(text))?.[1]
}

/** Whether docker says that the registry does not let this user push. */
export const isRefused = (lastLines: readonly string[]): boolean =>
  REFUSED.test(lastLines.join('\n'))

/** The registry that docker pushes a tag to. */
export function registryOf(tag: string): string {
  const reference = parseReference(tag)
  return (typeof reference === 'string' ? undefined : reference.registry) ?? 'docker.io'
}

/** What to look at where a registry has refused a tag; a line each. */
export function refusalAdvice(tag: string): readonly string[] {
  const host = registryOf(tag)
  const login = host === 'docker.io' ? 'docker login' : `docker login ${host}`
  const advice = [
    `log in before this step, as a user who may push: \`${login}\`, in a workflow docker/login-action`
  ]
  if (host === 'ghcr.io') {
    advice.push(
      "on ghcr.io the workflow's token needs `permissions: packages: write`, and a package that is there already has to give this repository the role Write"
    )
  }
  const reference = parseReference(tag)
  if (typeof reference !== 'string' && reference.registry === undefined) {
    advice.push('a tag that names no registry is one of docker.io')
  }
  return advice
}
