/** What docker says where a registry has no such image. */
const MISSING = /manifest unknown|name unknown|no matching manifest|: not found\s*$/im

/** What docker says where a registry wants another login. */
const DENIED = /unauthorized|denied|no basic auth credentials|authentication required/i

/** What docker says of content that is not that of its digest, or is cut short. */
const DAMAGED =
  /verification failed|unexpected EOF|invalid checksum|unexpected commit digest|failed size validation|gzip: invalid|flate: corrupt|invalid character|cannot unmarshal/i

/** An image that came otherwise than it was kept. */
export class DamagedError extends Error {
  override readonly name = 'DamagedError'
}

/** Whether a failed pull only says that the registry has no such image. */
export function isMissing(text: string): boolean {
  return MISSING.test(text) && !DENIED.test(text)
}

/** A registry that does not let this user read or write. */
export class DeniedError extends Error {
  override readonly name = 'DeniedError'
}

/** The failure in what docker said of a registry. */
export function registryFailure(text: string): Error {
  const line = text.trim().split('\n').at(-1) ?? ''
  if (DAMAGED.test(text)) return new DamagedError(line)
  if (!DENIED.test(text)) return new Error(line)
  return new DeniedError(
    `${line} (docker login; a repository that is not there yet looks the same)`
  )
}
