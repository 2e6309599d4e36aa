import { isSecretName } from './secret-names.js'

/** A value that is to be shown nowhere, and the name that it has. */
export interface Secret {
  /** Of the argument or the variable; empty where the value itself says that it is a secret. */
  readonly name: string
  readonly value: string
}

/** A path on a machine: of a base64 text that begins with a slash it has the place, too. */
const PATH =
  /^(?:~|\.{1,2})\/|^\/(?:run|var|etc|home|root|tmp|usr|opt|mnt|srv|dev|proc|Users|secrets?|github|workspace|__w)\//

/** An address without a login in it. */
const ADDRESS = /^[a-z][a-z\d+.-]*:\/\/[^@\s]*$/i

/** Whether a value of this name is a secret: a path to a file or an address is none, whatever it is called. */
export const isSecret = (name: string, value: string): boolean =>
  isSecretName(name) && !PATH.test(value) && !ADDRESS.test(value)

/**
 * Tokens that say themselves what they are:
 * https://docs.github.com/en/code-security/secret-scanning/introduction/supported-secret-scanning-patterns
 */
const SHAPES: readonly RegExp[] = [
  /\bgh[opsur]_[A-Za-z\d]{20,255}/g,
  /\bgithub_pat_\w{20,255}/g,
  /\bgl(?:pat|ptt|dt|rt|cbt|ft|soat|agent)-[\w-]{20,255}/g,
  /\bnpm_[A-Za-z\d]{30,255}/g,
  /\bpypi-[\w-]{50,512}/g,
  /\bdckr_(?:pat|oat)_[\w-]{20,255}/g,
  /\bxox[abeprs]-[\w-]{10,512}/g,
  /\bhooks\.slack\.com\/services\/[\w/]{10,255}/g,
  /\b(?:AKIA|ASIA)[A-Z\d]{16}\b/g,
  /\bAIza[\w-]{35}/g,
  /\bhv[sb]\.[\w-]{20,512}/g,
  /\bsk-[\w-]{20,255}/g,
  /\b[sr]k_(?:live|test)_[A-Za-z\d]{16,255}/g
]

/** Characters of a user without a password that is most likely a token. */
const TOKEN_LENGTH = 20

function decoded(text: string): string {
  try {
    return decodeURIComponent(text)
  } catch {
    return text
  }
}

/** What stands between `://` and the next `@`: a user, and a password where there is one. */
const LOGIN = /([^\s/?#@"'<>]{1,2048})@/y

function loginsIn(text: string): string[] {
  const found: string[] = []
  for (let at = text.indexOf('://'); at >= 0; at = text.indexOf('://', at + 3)) {
    LOGIN.lastIndex = at + 3
    const login = LOGIN.exec(text)?.[1] ?? ''
    const colon = login.indexOf(':')
    const secret = colon < 0 ? login : login.slice(colon + 1)
    if (secret !== '' && (colon >= 0 || login.length >= TOKEN_LENGTH)) {
      found.push(secret, decoded(secret))
    }
  }
  return found
}

/** JSON Web Tokens: three parts, of which the first two are objects (https://www.rfc-editor.org/rfc/rfc7519). */
function webTokensIn(text: string): string[] {
  return [...text.matchAll(/[\w.-]+/g)].flatMap(([run]) => {
    const parts = run.split('.')
    return parts.flatMap((part, at) => {
      const head = part.startsWith('eyJ') ? part : part.slice(part.lastIndexOf('-eyJ') + 1)
      const [, body = '', signature = ''] = parts.slice(at, at + 3)
      const isToken = head.startsWith('eyJ') && head.length > 12 && body.startsWith('eyJ')
      return isToken && signature.length > 9 ? [[head, body, signature].join('.')] : []
    })
  })
}

const KEY_BEGIN = /^-----BEGIN [A-Z ]{0,40}PRIVATE KEY(?: BLOCK)?-----/
const KEY_END = /-----END [A-Z ]{0,40}PRIVATE KEY(?: BLOCK)?-----/g
const KEY_BODY = /^[\w\s+/=:,.\\()-]{20,65536}$/

/** Private keys in PEM: from each end to the nearest begin before it (https://www.rfc-editor.org/rfc/rfc7468). */
function privateKeysIn(text: string): string[] {
  let from = 0
  return [...text.matchAll(KEY_END)].flatMap(({ index, 0: end }) => {
    const begin = text.slice(from, index).lastIndexOf('-----BEGIN ')
    const since = from + begin
    from = index + end.length
    const head = begin < 0 ? undefined : KEY_BEGIN.exec(text.slice(since, since + 80))?.[0]
    if (head === undefined || !KEY_BODY.test(text.slice(since + head.length, index))) return []
    return [text.slice(since, from)]
  })
}

/** What each of them has, so that most texts are looked at once. */
const ANY =
  /gh[opsur]_|github_pat_|gl[a-z]{2,5}-|npm_|pypi-|dckr_|xox|slack|AKIA|ASIA|AIza|hv[sb]\.|sk-|[sr]k_|eyJ|PRIVATE KEY|:\/\//

/** The parts of a text that are credentials by their looks. */
export function secretsIn(text: string): readonly Secret[] {
  if (!ANY.test(text)) return []
  const tokens = SHAPES.flatMap(shape => text.match(shape) ?? [])
  const found = [...tokens, ...webTokensIn(text), ...privateKeysIn(text), ...loginsIn(text)]
  return found.map(value => ({ name: '', value }))
}

/** Characters of a document that is searched for names. */
const MOST = 64 * 1024

/** Texts of a JSON document by the names that they have there, such as those of a service account's key. */
function fieldsOf(text: string): readonly (readonly [name: string, value: string])[] {
  if (!/^\s*\{/.test(text) || text.length > MOST) return []
  const fields: (readonly [string, string])[] = []
  try {
    JSON.parse(text, (name, value) => {
      if (typeof value === 'string') fields.push([name, value])
    })
  } catch {
    return []
  }
  return fields
}

/** What of named values is a secret: by its name, by its looks, or by a name within it. */
export function namedSecrets(
  pairs: Iterable<readonly [name: string, value: string | undefined]>
): readonly Secret[] {
  return [...pairs].flatMap(([name, value]) => {
    if (!value) return []
    const own = isSecret(name, value) ? [{ name, value }] : []
    const fields = fieldsOf(value).filter(([field, text]) => isSecret(field, text))
    const inner = fields.map(([field, text]) => ({ name: field, value: text }))
    return [...own, ...secretsIn(value), ...inner]
  })
}
