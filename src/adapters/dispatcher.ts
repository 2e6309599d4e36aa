import { getProxyUrl } from '@actions/http-client/lib/proxy'
import type { Dispatcher } from 'undici'

/** Milliseconds that may pass at most; 0 stands for no limit. */
export interface DispatcherLimits {
  readonly headersTimeout: number
  readonly bodyTimeout: number
  readonly connect: { readonly timeout: number }
}

/** For who has limits of their own: those of undici are off. */
export const NO_LIMITS: DispatcherLimits = {
  headersTimeout: 0,
  bodyTimeout: 0,
  connect: { timeout: 0 }
}

/** Address of the proxy that HTTP_PROXY, HTTPS_PROXY and NO_PROXY name for an address; loopback has none. */
export const proxyOf = (url: URL): string | undefined => getProxyUrl(url)?.href

/** Opens what sends requests to an origin: through its proxy where it has one. */
export async function openDispatcher(url: URL, limits: DispatcherLimits): Promise<Dispatcher> {
  const { default: undici } = await import('undici')
  const proxy = proxyOf(url)
  // Many proxies refuse a tunnel to any port but 443: plain http goes through them as it is.
  return proxy
    ? new undici.ProxyAgent({ uri: proxy, proxyTunnel: false, ...limits })
    : new undici.Agent(limits)
}
