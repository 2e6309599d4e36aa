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

/** Loads what sends requests, which takes as long as to start Node. */
export const loadDispatcher = () => Promise.all([import('undici'), import('@actions/http-client')])

/**
 * Opens what sends requests to an origin: through the proxy of HTTP_PROXY, HTTPS_PROXY and NO_PROXY,
 * loopback direct.
 */
export async function openDispatcher(url: URL, limits: DispatcherLimits): Promise<Dispatcher> {
  const [{ default: undici }, { getProxyUrl }] = await loadDispatcher()
  const proxy = getProxyUrl(url.href)
  // Many proxies refuse a tunnel to any port but 443: plain http goes through them as it is.
  return proxy
    ? new undici.ProxyAgent({ uri: proxy, proxyTunnel: false, ...limits })
    : new undici.Agent(limits)
}
