import type { Readable } from 'node:stream'
import { NO_LIMITS, openDispatcher } from '../adapters/dispatcher.js'
import { ChainError } from '../errors.js'

/** An answer whose redirects have been followed. */
export interface Response {
  readonly status: number
  readonly headers: Readonly<Record<string, string | string[] | undefined>>
  readonly body: Readable
}

const REDIRECTS = new Set([301, 302, 303, 307, 308])
const MOST_REDIRECTS = 5

/** An address for messages: without name and password, and without a query, which may be a signature. */
export function shownAddress(url: URL): string {
  return `${url.protocol}//${url.host}${url.pathname}`
}

/** One header as text; several of the same name count as absent. */
export function headerOf(response: Response, name: string): string | undefined {
  const value = response.headers[name]
  return typeof value === 'string' ? value : undefined
}

function credentials(url: URL): Record<string, string> {
  if (url.username === '') return {}
  const pair = `${decodeURIComponent(url.username)}:${decodeURIComponent(url.password)}`
  return { authorization: `Basic ${Buffer.from(pair).toString('base64')}` }
}

function redirectTarget(from: URL, response: Response): URL | undefined {
  const location = REDIRECTS.has(response.status) ? headerOf(response, 'location') : undefined
  if (location === undefined) return undefined
  const target = new URL(location, from)
  if (target.protocol !== from.protocol) {
    throw new ChainError(
      'VERIFICATION_FAILED',
      `${shownAddress(from)} redirects to another scheme: ${shownAddress(target)}`,
      {
        hint: `Only ${from.protocol}// is followed from there. Give the address of a mirror that stays with it as packer-releases.`
      }
    )
  }
  return target
}

async function hop<T>(
  url: URL,
  signal: AbortSignal,
  use: (response: Response) => Promise<T>
): Promise<{ readonly next: URL } | { readonly value: T }> {
  const dispatcher = await openDispatcher(url, NO_LIMITS)
  // While a proxy has not answered, undici does not look at the signal.
  const stop = (): void => void dispatcher.destroy(signal.reason).catch(() => undefined)
  signal.addEventListener('abort', stop, { once: true })
  try {
    signal.throwIfAborted()
    const answer = await dispatcher.request({
      origin: url.origin,
      path: `${url.pathname}${url.search}`,
      method: 'GET',
      headers: { 'user-agent': 'build-chain', ...credentials(url) },
      signal
    })
    // A body that breaks before anyone reads it must not end the process: the reader still meets the error.
    answer.body.on('error', () => undefined)
    const response = { status: answer.statusCode, headers: answer.headers, body: answer.body }
    const next = redirectTarget(url, response)
    return next ? { next } : { value: await use(response) }
  } finally {
    signal.removeEventListener('abort', stop)
    await dispatcher.destroy()
  }
}

/**
 * Gets an address through the proxy of HTTP_PROXY, HTTPS_PROXY and NO_PROXY (loopback goes direct),
 * follows up to five redirects within the same scheme, and closes the connection when `use` is done.
 * A redirect to another scheme is a VERIFICATION_FAILED.
 */
export async function withResponse<T>(
  address: URL,
  signal: AbortSignal,
  use: (response: Response) => Promise<T>
): Promise<T> {
  let url = address
  for (let redirects = 0; redirects <= MOST_REDIRECTS; redirects++) {
    const result = await hop(url, signal, use)
    if ('value' in result) return result.value
    url = result.next
  }
  throw new ChainError(
    'DOWNLOAD_FAILED',
    `${shownAddress(address)} redirects more than ${MOST_REDIRECTS} times`,
    { hint: 'Give the address where it is in the end, or another mirror, as packer-releases.' }
  )
}
