/** Parts of a name that say that its value is a secret, wherever they stand in a word. */
const TELLING =
  /PASSWORD|PASSWD|PASSPHRASE|SECRET|CREDENTIAL|APIKEY|PRIVATEKEY|ACCESSKEY|TOKEN$|^OAUTH\d?$/

/** Words that say it by themselves: `AUTHOR` and `COMPASS` are others. */
const WORDS: ReadonlySet<string> = new Set(
  'PASS PWD AUTH AUTHORIZATION BEARER CREDS JWT PAT COOKIE PIN'.split(' ')
)

/** Words before `KEY`: a public key, a cache key or a keyboard is no secret. */
const KEYS: ReadonlySet<string> = new Set(
  'API PRIVATE ACCESS ACCOUNT AUTH CLIENT DEPLOY ENCRYPTION HMAC LICENSE MASTER SERVICE SESSION SIGNING SSH SSL TLS GPG'.split(
    ' '
  )
)

/** Last words of what speaks about a secret and is none, such as the file that holds it. */
const ABOUT: ReadonlySet<string> = new Set(
  `ALGORITHM ARN COUNT DIR DIRECTORY ENABLED ENDPOINT EXPIRES EXPIRY FILE FILENAME FOLDER HOST ID
   ISSUER LENGTH METHOD MODE NAME PATH PORT PROVIDER REALM REGION SCOPE SERVER SOCK SOCKET STORE
   TIMEOUT TTL TYPE URI URL USER USERNAME VERSION`.split(/\s+/)
)

/** What one of all these words is in: most names have none, and are not taken apart. */
const MAYBE = /PASS|PWD|AUTH|SECRET|CRED|KEY|TOKEN|BEARER|JWT|PAT|COOKIE|PIN/i

/** Where a shell is and was. */
const FOLDERS = /^(OLD)?PWD$/i

/** `apiToken`, `API-token` and `api.token` are `API TOKEN`. */
const wordsOf = (name: string): readonly string[] =>
  name
    .slice(0, 200)
    .replace(/([a-z\d])([A-Z])/g, '$1_$2')
    .toUpperCase()
    .split(/[^A-Z\d]+/)
    .filter(Boolean)

/** The images of a chain have a few names, which are asked for again and again. */
const told = new Map<string, boolean>()

/**
 * Whether the name of a build argument, a Packer variable or an environment variable says that its
 * value is a secret: `NPM_TOKEN`, `dbPassword`, `SSH_PRIVATE_KEY`, and not `AUTHOR`, `SSH_AUTH_SOCK`,
 * `TOKEN_FILE`, `TOKENIZERS_PARALLELISM` or `CACHE_KEY`.
 */
export function isSecretName(name: string): boolean {
  const isSecret = told.get(name) ?? saysSecret(name)
  told.set(name, isSecret)
  return isSecret
}

function saysSecret(name: string): boolean {
  if (!MAYBE.test(name) || FOLDERS.test(name)) return false
  const words = wordsOf(name)
  if (ABOUT.has(words.at(-1) ?? '')) return false
  return words.some(
    (word, at) =>
      TELLING.test(word) || WORDS.has(word) || (word === 'KEY' && KEYS.has(words[at - 1] ?? ''))
  )
}
