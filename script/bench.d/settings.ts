import { existsSync } from 'node:fs'

/** An environment in which Node is started. */
export interface Setting {
  /** The end of ids of figures, and of their names. */
  readonly id: string
  readonly words: string
  readonly env: Readonly<Record<string, string>>
}

export const PLAIN: Setting = { id: '', words: '', env: {} }

/** Where systems keep the certificates that they trust: Debian and Alpine, Fedora, macOS. */
const BUNDLES = [
  '/etc/ssl/certs/ca-certificates.crt',
  '/etc/pki/tls/certs/ca-bundle.crt',
  '/etc/ssl/cert.pem'
]

/**
 * Where a network has certificates of its own (https://nodejs.org/api/cli.html#node_extra_ca_certsfile); undefined on
 * a machine without a bundle of them.
 */
export function withCertificates(): Setting | undefined {
  const bundle = BUNDLES.find(path => existsSync(path))
  if (bundle === undefined) return undefined
  return { id: '-certificates', words: ', certificates', env: { NODE_EXTRA_CA_CERTS: bundle } }
}
