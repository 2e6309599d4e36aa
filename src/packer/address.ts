import { ChainError } from '../errors.js'
import { shownAddress } from './request.js'

/** An address below the base of a release server. */
export function addressBelow(base: URL, ...parts: readonly string[]): URL {
  const url = new URL(base)
  const path = url.pathname.replace(/(?<!\/)\/+$/, '')
  url.pathname = [
    path,
    ...parts.map(part => encodeURIComponent(Buffer.from(part).toString()))
  ].join('/')
  return url
}

/** @param text of `packer-releases`; OPTIONS_INVALID unless it is an http or https address. */
export function parseBase(text: string): URL {
  const url = URL.canParse(text) ? new URL(text) : undefined
  if (url?.protocol === 'https:' || url?.protocol === 'http:') return url
  throw new ChainError(
    'OPTIONS_INVALID',
    `packer-releases: ${url ? shownAddress(url) : text} is no address of a web server`,
    { hint: 'Write it like https://releases.hashicorp.com.' }
  )
}
