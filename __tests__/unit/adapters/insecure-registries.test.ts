import { describe, expect, it } from 'vitest'
import { openInsecureRegistries } from '../../../src/adapters/insecure-registries.js'

const { signal } = new AbortController()

/** What a daemon says of its registries, and how often it was asked. */
function daemon(text: string, status = 0) {
  const asked = { times: 0 }
  const registries = openInsecureRegistries(async () => {
    asked.times += 1
    return { status, text }
  })
  return { asked, has: (registry: string) => registries.has(registry, signal) }
}

const CONFIG = JSON.stringify({
  IndexConfigs: {
    'docker.io': { Name: 'docker.io', Secure: true },
    'plain.example:5000': { Name: 'plain.example:5000', Secure: false },
    '127.0.0.9:1': { Name: '127.0.0.9:1', Secure: true }
  },
  InsecureRegistryCIDRs: ['127.0.0.0/8', 'fd00::/8']
})

describe('a registry', () => {
  it.each([
    ['plain.example:5000', true],
    ['plain.example:5001', false],
    ['docker.io', false],
    ['127.0.0.1:5000', true],
    ['127.0.0.9:1', false],
    ['10.0.0.1:5000', false],
    ['[fd00::1]:5000', true],
    ['localhost:5000', true],
    ['no-such-host.invalid', false]
  ])('%s is reached without TLS where the daemon does so: %s', async (registry, insecure) => {
    expect(await daemon(CONFIG).has(registry)).toBe(insecure)
  })

  it('is looked up on the daemon once, whatever it prints before', async () => {
    const { has, asked } = daemon(`WARNING: no swap limit support\n${CONFIG}`)
    expect(await has('plain.example:5000')).toBe(true)
    expect(await has('127.0.0.1:1')).toBe(true)
    expect(asked.times).toBe(1)
  })

  it.each([
    ['', 0],
    ['null', 0],
    ['Cannot connect', 1],
    ['{"IndexConfigs":null,"InsecureRegistryCIDRs":null}', 0]
  ])('is secure where the daemon says %j', async (text, status) => {
    expect(await daemon(text, status).has('127.0.0.1:5000')).toBe(false)
  })
})
