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
/** Room for a name, a tag and any digest: what is longer is not even looked at. */
const MAX_REFERENCE = 1000
const DEFAULT_REGISTRY = 'docker.io'
const DEFAULT_REGISTRIES: readonly string[] = [DEFAULT_REGISTRY, 'index.docker.io']
const DEFAULT_REPO = 'library'
const DEFAULT_TAG = 'latest'

// Every choice in these is settled by the next character, so that none takes more than linear time.
const HOST_COMPONENT = /^[a-zA-Z0-9](?:[a-zA-Z0-9-]*[a-zA-Z0-9])?$/
const IPV6_HOST = /^\[[0-9a-fA-F:]+\]$/
const PORT = /^[0-9]+$/
const PATH = /^[a-z0-9]+(?:(?:\.|__?|-+|\/)[a-z0-9]+)*$/
const TAG = /^[\w][\w.-]{0,127}$/
const DIGEST = /^[A-Za-z][A-Za-z0-9]*(?:[-_+.][A-Za-z][A-Za-z0-9]*)*:[0-9a-fA-F]{32,}$/
const IDENTIFIER = /^[0-9a-f]{64}$/

/** Parts of a reference, or in words what keeps the text from being one. */
export function parseReference(text: string): Reference | string {
  if (text.length > MAX_REFERENCE) return `it is longer than ${MAX_REFERENCE} characters`
  const reference = splitReference(text)
  return findProblem(reference) ?? reference
}

function splitReference(text: string): Reference {
  const at = text.indexOf('@')
  const digest = at === -1 ? undefined : text.slice(at + 1)
  const named = at === -1 ? text : text.slice(0, at)
  const colon = named.lastIndexOf(':')
  const hasTag = colon > named.lastIndexOf('/')
  const name = hasTag ? named.slice(0, colon) : named
  const slash = name.indexOf('/')
  const registry = slash > 0 && isRegistry(name.slice(0, slash)) ? name.slice(0, slash) : undefined
  const path = registry === undefined ? name : name.slice(slash + 1)
  const last = path.lastIndexOf('/')
  return {
    registry,
    registryHost: registry === undefined ? undefined : registry.slice(0, hostEnd(registry)),
    registryPort: registry === undefined ? undefined : portOf(registry),
    repo: last === -1 ? undefined : path.slice(0, last),
    image: path.slice(last + 1),
    tag: hasTag ? named.slice(colon + 1) : undefined,
    digest
  }
}

/** Docker takes the first part for a registry when it has a dot or a port, or is `localhost`. */
function isRegistry(head: string): boolean {
  return head === 'localhost' || head.includes('.') || head.includes(':')
}

/** Where a registry's host ends: an IPv6 address has colons of its own, between brackets. */
function hostEnd(registry: string): number {
  const colon = registry.lastIndexOf(':')
  return colon === -1 || registry.endsWith(']') ? registry.length : colon
}

function portOf(registry: string): string | undefined {
  const end = hostEnd(registry)
  return end === registry.length ? undefined : registry.slice(end + 1)
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
  if (!PATH.test(path)) return findPathProblem(path)
  const length =
    path.length + (reference.registry === undefined ? 0 : reference.registry.length + 1)
  if (length > MAX_NAME) return `the name is longer than ${MAX_NAME} characters`
  return IDENTIFIER.test(path) ? '64 hexadecimal digits are an id, not a name' : undefined
}

function findPathProblem(path: string): string {
  if (path === '') return 'there is no name'
  if (path !== path.toLowerCase()) return `the repository \`${shown(path)}\` has to be lower case`
  const wrong = path.split('/').find(component => !PATH.test(component)) ?? ''
  if (wrong === '') return `the repository \`${shown(path)}\` has an empty part`
  return `\`${shown(wrong)}\` is not made of letters and digits with single \`.\`, \`_\`, \`__\` or \`-\` between them`
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

/** The same of a reference that Docker itself has written, which is right: a daemon has thousands, and asking takes long. */
export function normaliseDockers(text: string): string {
  const reference = splitReference(text)
  return normalName(reference) + suffix(reference)
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
  const registries = DEFAULT_REGISTRIES.map(registry => `${registry}/`)
  // Without a registry the path's first part must not look like one.
  const prefixes = isRegistry(path.slice(0, path.indexOf('/'))) ? registries : ['', ...registries]
  return prefixes.flatMap(prefix => paths.map(each => prefix + each))
}
