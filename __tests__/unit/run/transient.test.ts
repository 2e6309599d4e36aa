import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { backoff, transientReason } from '../../../src/run/transient.js'

describe('a failure', () => {
  it.each([
    ['net/http: TLS handshake timeout', 'a server did not finish its TLS handshake'],
    ['dial tcp: lookup x: i/o timeout', 'a network read or write timed out'],
    ['read tcp: connection reset by peer', 'a network connection was reset'],
    ['curl: (28) Connection timed out', 'a network connection timed out'],
    ["Temporary failure resolving 'deb.debian.org'", 'a name server did not answer'],
    ['Temporary failure in name resolution', 'a name server did not answer'],
    ['toomanyrequests: You have reached your pull rate limit', 'a server limits its rate'],
    ['HTTP/1.1 429 Too Many Requests', 'a server limits its rate'],
    ['503 Service Unavailable', 'a server failed for now'],
    ['502 Bad Gateway', 'a server failed for now'],
    ['net/http: request canceled while waiting', 'the daemon gave up on a registry'],
    ['failed to copy: unexpected EOF', 'a download was cut off'],
    [
      'E: Could not get lock /var/lib/dpkg/lock-frontend',
      "another process held the package manager's lock"
    ]
  ])('%s may pass', (line, reason) => {
    expect(transientReason(['Step 3/9', line, 'ERROR'])).toBe(reason)
  })

  it('of a script that Packer ran before its upload was there may pass', () => {
    const line = '/bin/sh: /tmp/script_4711.sh: not found'
    expect(transientReason([line, 'Script exited with non-zero exit status: 127'])).toContain(
      'before its upload'
    )
    expect(transientReason([line, 'Script exited with non-zero exit status: 1'])).toBeUndefined()
  })

  it.each([
    'E: Unable to locate package nginx',
    'gcc: fatal error: Killed',
    '/bin/sh: nginx: not found',
    'COPY failed: file not found',
    'unexpected EOF while looking for matching `"\'',
    'took 502 ms',
    'tests: 1 of 500 failed',
    'no space left on device',
    'manifest unknown',
    ''
  ])('%j does not pass by itself', line => {
    expect(transientReason([line])).toBeUndefined()
  })

  it('without a word does not pass by itself', () => {
    expect(transientReason([])).toBeUndefined()
  })
})

describe('the time before an attempt', () => {
  it('doubles from one second to half a minute, a random half of it', () => {
    const times = [2, 3, 4, 5, 6, 7, 8, 50].map(next => [backoff(next, 0), backoff(next, 1)])
    expect(times).toEqual([
      [500, 1_000],
      [1_000, 2_000],
      [2_000, 4_000],
      [4_000, 8_000],
      [8_000, 16_000],
      [15_000, 30_000],
      [15_000, 30_000],
      [15_000, 30_000]
    ])
  })

  it('is never more than half a minute', () => {
    const random = fc.double({ min: 0, max: 1, noNaN: true })
    fc.assert(
      fc.property(fc.integer({ min: 2, max: 2_000 }), random, (next, chance) => {
        expect(backoff(next, chance)).toBeGreaterThanOrEqual(500)
        expect(backoff(next, chance)).toBeLessThanOrEqual(30_000)
      })
    )
  })
})
