/** What an ADD source names outside the context; `pinned` where a hash fixes its content. */
export interface RemoteSource {
  readonly kind: 'address' | 'git'
  readonly pinned: boolean
}

const SSH = /^[a-zA-Z0-9_-]+@[a-zA-Z0-9.-]+:/
const COMMIT = /^(?:[0-9a-f]{40}|[0-9a-f]{64})$/
const HASH = /^sha(?:256|384|512):[0-9a-f]{64,}$/

/**
 * Tells an address or a git repository from a path, as ADD does.
 * Follows https://github.com/moby/buildkit/blob/v0.34.2/frontend/dockerfile/dfgitutil/git_ref.go.
 */
export function remoteSource(source: string, checksum: string): RemoteSource | undefined {
  if (isGit(source)) return { kind: 'git', pinned: COMMIT.test(checksum || commitOf(source)) }
  const web = source.startsWith('http://') || source.startsWith('https://')
  return web ? { kind: 'address', pinned: HASH.test(checksum) } : undefined
}

function isGit(source: string): boolean {
  const scheme = /^([a-zA-Z0-9]+):\/\//.exec(source)?.[1]?.toLowerCase()
  if (scheme === undefined) return SSH.test(source)
  if (scheme === 'ssh' || scheme === 'git') return true
  const [address = ''] = source.split(/[?#]/, 1)
  return (scheme === 'http' || scheme === 'https') && address.endsWith('.git')
}

/** The commit of `?checksum=` or `?commit=`; a branch or a tag after `#` can move. */
function commitOf(source: string): string {
  const [, query = ''] = source.split('?', 2)
  const values = new URLSearchParams(query.split('#', 1)[0])
  return values.get('checksum') ?? values.get('commit') ?? ''
}
