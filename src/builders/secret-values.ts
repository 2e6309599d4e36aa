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
  /\b[sr]k_(?:live|test)_[A-Za-z\d]{16,255}/g,
  /\beyJ[\w-]{10,4096}\.eyJ[\w-]{5,8192}\.[\w-]{10,4096}/g,
  /-----BEGIN [A-Z ]{0,40}PRIVATE KEY(?: BLOCK)?-----[\w\s+/=:,.\\()-]{20,65536}?-----END [A-Z ]{0,40}PRIVATE KEY(?: BLOCK)?-----/g
]

/** The login in an address: a user, and a password where there is one. */
const LOGIN = /\b[a-z][a-z\d+.-]{1,20}:\/\/([^\s/?#:@"'<>]{0,1024})(?::([^\s/?#@"'<>]{1,1024}))?@/gi

/** Characters of a user without a password that is most likely a token. */
const TOKEN_LENGTH = 20

function decoded(text: string): string {
  try {
    return decodeURIComponent(text)
  } catch {
    return text
  }
}

function loginsIn(text: string): string[] {
  return [...text.matchAll(LOGIN)].flatMap(([, user = '', password]) => {
    const found = password ?? (user.length >= TOKEN_LENGTH ? user : '')
    return found === '' ? [] : [found, decoded(found)]
  })
}

/** What each of them has, so that most texts are looked at once. */
const ANY =
  /gh[opsur]_|github_pat_|gl[a-z]+-|npm_|pypi-|dckr_|xox|slack|AKIA|ASIA|AIza|hv[sb]\.|sk-|[sr]k_|eyJ|PRIVATE KEY|:\/\//

/** The parts of a text that are credentials by their looks. */
export function secretsIn(text: string): readonly Secret[] {
  if (!ANY.test(text)) return []
  const tokens = SHAPES.flatMap(shape => text.match(shape) ?? [])
  return [...tokens, ...loginsIn(text)].map(value => ({ name: '', value }))
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
