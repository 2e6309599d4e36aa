import { lookup } from 'node:dns/promises'
import { BlockList, isIP } from 'node:net'

/** The registries that the daemon reaches without TLS, or without a look at its certificate. */
export interface InsecureRegistries {
  /** @param registry host, with a port where there is one */
  has(registry: string, signal: AbortSignal): Promise<boolean>
}

interface RegistryConfig {
  readonly IndexConfigs?: Readonly<Record<string, { readonly Secure?: boolean }>> | null
  readonly InsecureRegistryCIDRs?: readonly string[] | null
}

/** What asks the daemon for its `RegistryConfig`, as JSON. */
type Ask = (signal: AbortSignal) => Promise<{ readonly status: number; readonly text: string }>

function parseConfig(text: string): RegistryConfig {
  try {
    return (JSON.parse(text.slice(text.indexOf('{'))) as RegistryConfig | null) ?? {}
  } catch {
    return {}
  }
}

function networksOf({ InsecureRegistryCIDRs: cidrs }: RegistryConfig): BlockList {
  const list = new BlockList()
  for (const cidr of cidrs ?? []) {
    const [network = '', bits] = cidr.split('/')
    const version = isIP(network)
    if (version) list.addSubnet(network, Number(bits), version === 6 ? 'ipv6' : 'ipv4')
  }
  return list
}

/** Addresses of a host; none where it has no name here. */
async function addressesOf(host: string): Promise<readonly { address: string; family: number }[]> {
  return lookup(host, { all: true }).catch(() => [])
}

const hostOf = (registry: string) => registry.replace(/:\d+$/, '').replace(/^\[|\]$/g, '')

/**
 * The daemon's own list, since the docker command does not know it: what the daemon would not send a
 * password to without TLS gets none from the command, either
 * (https://docs.docker.com/reference/cli/dockerd/#insecure-registries).
 */
export function openInsecureRegistries(ask: Ask): InsecureRegistries {
  let asked: Promise<RegistryConfig> | undefined
  const configOf = async (signal: AbortSignal) => {
    const { status, text } = await ask(signal)
    return status === 0 ? parseConfig(text) : {}
  }
  const has = async (registry: string, signal: AbortSignal) => {
    asked ??= configOf(signal)
    const config = await asked.catch(() => ({}) as RegistryConfig)
    const own = config.IndexConfigs?.[registry]
    if (own) return own.Secure === false
    const networks = networksOf(config)
    const addresses = await addressesOf(hostOf(registry))
    return addresses.some(({ address, family }) =>
      networks.check(address, family === 6 ? 'ipv6' : 'ipv4')
    )
  }
  return { has }
}
