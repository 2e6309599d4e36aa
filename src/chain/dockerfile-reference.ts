const COMPONENT = /^[a-z0-9]+(?:(?:[._]|__|-+)[a-z0-9]+)*$/
const DOMAIN = /^(?:\[[0-9a-fA-F:]+\]|[A-Za-z0-9](?:[A-Za-z0-9.-]*[A-Za-z0-9])?)(?::\d+)?$/
const TAG = /^\w[\w.-]{0,127}$/
const DIGEST = /^[A-Za-z0-9+._-]+:[0-9a-fA-F]{32,}$/

/**
 * Whether a text can be an image reference at all, so that a variable which is not set does not
 * pass for one (`debian:`, `/app`). Grammar: https://pkg.go.dev/github.com/distribution/reference.
 */
export function looksLikeReference(text: string): boolean {
  const [named = '', digest, ...more] = text.split('@')
  if (more.length > 0 || (digest !== undefined && !DIGEST.test(digest))) return false
  const colon = named.indexOf(':', named.lastIndexOf('/') + 1)
  if (colon >= 0 && !TAG.test(named.slice(colon + 1))) return false
  const [first = '', ...path] = named.slice(0, colon < 0 ? undefined : colon).split('/')
  if (!path.every(component => COMPONENT.test(component))) return false
  return COMPONENT.test(first) || (path.length > 0 && DOMAIN.test(first))
}
