const FIRST_DELAY = 500
const LONGEST_DELAY = 15_000
const LONGEST_ADVICE = 120_000

/**
 * Milliseconds to wait after failure number `failures` (from 1): doubles each time up to 15 s, and
 * a random half of it is taken off so that many clients do not come back at once.
 *
 * @param random gives a number from 0 up to 1.
 */
export function backoff(failures: number, random: () => number): number {
  const ceiling = Math.min(LONGEST_DELAY, FIRST_DELAY * 2 ** (failures - 1))
  return Math.round(ceiling / 2 + (ceiling / 2) * random())
}

/**
 * Milliseconds that a Retry-After header asks for (RFC 9110, 10.2.3: seconds or a date), two minutes
 * at most; undefined where it is absent or not readable.
 */
export function parseRetryAfter(header: string | undefined, now: number): number | undefined {
  if (header === undefined) return undefined
  const milliseconds = /^\s*\d+\s*$/.test(header) ? Number(header) * 1000 : Date.parse(header) - now
  if (Number.isNaN(milliseconds)) return undefined
  return Math.min(LONGEST_ADVICE, Math.max(0, milliseconds))
}

const CERTIFICATE = /CERT|SELF_SIGNED|UNABLE_TO_|ERR_TLS|HOSTNAME/

/** Whether a connection that failed so may succeed when tried again; a refused certificate never does. */
export function mayPass(error: unknown): boolean {
  for (let at = error; at instanceof Error; at = at.cause) {
    if (CERTIFICATE.test(String((at as NodeJS.ErrnoException).code ?? ''))) return false
  }
  return true
}

/** Answers of a server that a later attempt may not meet. */
export function isTransientStatus(status: number): boolean {
  return status === 408 || status === 425 || status === 429 || status >= 500
}
