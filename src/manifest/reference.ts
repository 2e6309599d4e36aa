/**
 * An image reference's parts, as written: nothing is filled in
 * (https://github.com/distribution/reference/blob/main/reference.go).
 */
export interface Reference {
  /** Host and port, such as `localhost:5000`. */
  readonly registry: string | undefined
  readonly registryHost: string | undefined
  readonly registryPort: string | undefined
  /** The path but for its last component, such as `acme/team`. */
  readonly repo: string | undefined
  /** The last component of the path. */
  readonly image: string
  readonly tag: string | undefined
  /** Such as `sha256:…`. */
  readonly digest: string | undefined
}

const MAX_NAME = 255
const DEFAULT_REGISTRY = 'docker.io'
const DEFAULT_REGISTRIES: readonly string[] = [DEFAULT_REGISTRY, 'index.docker.io']
const DEFAULT_REPO = 'library'
const DEFAULT_TAG = 'latest'

// Every choice in these is settled by the next character, so that none takes more than linear time.
const HOST_COMPONENT = /^[a-zA-Z0-9](?:[a-zA-Z0-9-]*[a-zA-Z0-9])?$/
const IPV6_HOST = /^\[[0-9a-fA-F:]+\]$/
const PORT = /^[0-9]+$/
const PATH_COMPONENT = /^[a-z0-9]+(?:(?:\.|__?|-+)[a-z0-9]+)*$/
const TAG = /^[\w][\w.-]{0,127}$/
const DIGEST = /^[A-Za-z][A-Za-z0-9]*(?:[-_+.][A-Za-z][A-Za-z0-9]*)*:[0-9a-fA-F]{32,}$/
const IDENTIFIER = /^[0-9a-f]{64}$/

/** Parts of a reference, or in words what keeps the text from being one. */
export function parseReference(text: string): Reference | string {
  const reference = splitReference(text)
  return findProblem(reference) ?? reference
}

function splitReference(text: string): Reference {
  const at = text.indexOf('@')
  const digest = at === -1 ? undefined : text.slice(at + 1)
  const named = at === -1 ? text : text.slice(0, at)
  const colon = named.lastIndexOf(':')
  const hasTag = colon > named.lastIndexOf('/')
  const tag = hasTag ? named.slice(colon + 1) : undefined
  return { ...splitName(hasTag ? named.slice(0, colon) : named), tag, digest }
}

function splitName(name: string): Omit<Reference, 'tag' | 'digest'> {
  const slash = name.indexOf('/')
  const head = name.slice(0, Math.max(slash, 0))
  const registry = isRegistry(head) ? head : undefined
  const path = registry === undefined ? name : name.slice(slash + 1)
  const last = path.lastIndexOf('/')
  return {
    registry,
    ...splitRegistry(registry),
    repo: last === -1 ? undefined : path.slice(0, last),
    image: path.slice(last + 1)
  }
}

/** Docker takes the first part for a registry when it has a dot or a port, or is `localhost`. */
function isRegistry(head: string): boolean {
  return head === 'localhost' || head.includes('.') || head.includes(':')
}

function splitRegistry(
  registry: string | undefined
): Pick<Reference, 'registryHost' | 'registryPort'> {
  if (registry === undefined) return { registryHost: undefined, registryPort: undefined }
  const colon = registry.lastIndexOf(':')
  if (colon === -1 || registry.endsWith(']')) {
    return { registryHost: registry, registryPort: undefined }
  }
  return { registryHost: registry.slice(0, colon), registryPort: registry.slice(colon + 1) }
}

function findProblem(reference: Reference): string | undefined {
  const { registryHost, registryPort, tag, digest } = reference
  if (registryHost !== undefined && !isHost(registryHost)) {
    return `the registry's host \`${shown(registryHost)}\` is not a host name`
  }
  if (registryPort !== undefined && !PORT.test(registryPort)) {
    return `the registry's port \`${shown(registryPort)}\` is not a number`
  }
  if (tag !== undefined && !TAG.test(tag)) {
    return `the tag \`${shown(tag)}\` is not made of 1 to 128 letters, digits, \`_\`, \`.\` and \`-\`, the first no \`.\` or \`-\``
  }
  if (digest !== undefined && !DIGEST.test(digest)) {
    return `the digest \`${shown(digest)}\` is not like \`sha256:\` and hexadecimal digits`
  }
  return findNameProblem(reference)
}

function findNameProblem(reference: Reference): string | undefined {
  const path = pathOf(reference)
  if (path === '') return 'there is no name'
  if (path !== path.toLowerCase()) return `the repository \`${shown(path)}\` has to be lower case`
  const wrong = path.split('/').find(component => !PATH_COMPONENT.test(component))
  if (wrong === '') return `the repository \`${shown(path)}\` has an empty part`
  if (wrong !== undefined) {
    return `\`${shown(wrong)}\` is not made of letters and digits with single \`.\`, \`_\`, \`__\` or \`-\` between them`
  }
  if (nameOf(reference).length > MAX_NAME) return `the name is longer than ${MAX_NAME} characters`
  if (IDENTIFIER.test(path)) return '64 hexadecimal digits are an id, not a name'
  return undefined
}

function isHost(host: string): boolean {
  return IPV6_HOST.test(host) || host.split('.').every(component => HOST_COMPONENT.test(component))
}

function pathOf({ repo, image }: Reference): string {
  return repo === undefined ? image : `${repo}/${image}`
}

function nameOf(reference: Reference): string {
  const path = pathOf(reference)
  return reference.registry === undefined ? path : `${reference.registry}/${path}`
}

function shown(text: string): string {
  return text.length > 80 ? `${text.slice(0, 80)}…` : text
}

/**
 * A reference with all that Docker fills in, such as `docker.io/library/debian:latest`; a digest keeps
 * `latest` away. A text that is no reference comes back as it is.
 */
export function normaliseReference(text: string): string {
  const reference = parseReference(text)
  return typeof reference === 'string' ? text : normalName(reference) + suffix(reference)
}

/** Whether Docker takes two texts for the same image. */
export function isSameReference(one: string, other: string): boolean {
  return normaliseReference(one) === normaliseReference(other)
}

/** Every way to write a reference, the shortest first; a text that is no reference has one. */
export function spellings(text: string): readonly string[] {
  const reference = parseReference(text)
  if (typeof reference === 'string') return [text]
  const full = suffix(reference)
  const suffixes = full === `:${DEFAULT_TAG}` ? ['', full] : [full]
  return nameSpellings(normalName(reference)).flatMap(name => suffixes.map(end => name + end))
}

function normalName(reference: Reference): string {
  const { registry, repo, image } = reference
  if (registry !== undefined && !DEFAULT_REGISTRIES.includes(registry)) return nameOf(reference)
  return `${DEFAULT_REGISTRY}/${repo ?? DEFAULT_REPO}/${image}`
}

function suffix({ tag, digest }: Reference): string {
  const label = tag ?? (digest === undefined ? DEFAULT_TAG : undefined)
  return (label === undefined ? '' : `:${label}`) + (digest === undefined ? '' : `@${digest}`)
}

function nameSpellings(normal: string): string[] {
  const home = `${DEFAULT_REGISTRY}/`
  if (!normal.startsWith(home)) return [normal]
  const path = normal.slice(home.length)
  const official = `${DEFAULT_REPO}/`
  const isOfficial = path.startsWith(official) && path.indexOf('/') === path.lastIndexOf('/')
  const paths = isOfficial ? [path.slice(official.length), path] : [path]
  return ['', ...DEFAULT_REGISTRIES.map(registry => `${registry}/`)].flatMap(prefix =>
    paths.map(each => prefix + each)
  )
}
