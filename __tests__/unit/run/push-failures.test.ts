import { describe, expect, it } from 'vitest'
import {
  isRefused,
  pushTransientReason,
  refusalAdvice,
  registryOf
} from '../../../src/run/push-failures.js'

describe('a failed push', () => {
  it.each([
    ['Get "http://127.0.0.1:1/v2/": dial tcp 127.0.0.1:1: connect: connection refused', 'answered'],
    ['received unexpected HTTP status: 500 Internal Server Error', 'failed for now'],
    ['received unexpected HTTP status: 503 ', 'failed for now'],
    ['error parsing HTTP 429 response body: invalid character', 'limits its rate'],
    ['toomanyrequests: retry later', 'limits its rate'],
    ['blob upload unknown', 'lost an upload'],
    ['Put "https://r.example/v2/a/blobs/uploads/1": EOF', 'cut off'],
    ['write tcp 10.0.0.1:5000: write: broken pipe', 'cut off'],
    ['net/http: request canceled (Client.Timeout exceeded while awaiting headers)', 'gave up'],
    ['context deadline exceeded', 'in time'],
    ['dial tcp: lookup r.example: i/o timeout', 'timed out']
  ])('%j may end better the next time', (line, reason) => {
    expect(pushTransientReason(['Preparing', line])).toContain(reason)
  })

  it.each([
    'denied: requested access to the resource is denied',
    'unauthorized: authentication required',
    'no basic auth credentials',
    'denied: EOF',
    "tag invalid: The image tag '1' already exists and cannot be overwritten",
    'name unknown: The repository does not exist',
    'dial tcp: lookup nowhere.example: no such host',
    'error parsing HTTP 404 response body: invalid character',
    '4f98ab500101: Pushed'
  ])('%j does not', line => {
    expect(pushTransientReason([line])).toBeUndefined()
  })

  it.each([
    ['no basic auth credentials', true],
    ['unauthorized: authentication required', true],
    ['denied: permission_denied: write_package', true],
    ['failed to authorize: 403 Forbidden', true],
    ['insufficient_scope: authorization failed', true],
    ['tag invalid: it is immutable', false],
    ['accessdenied1: Pushed', false]
  ])('%j is a refusal: %s', (line, refused) => {
    expect(isRefused([line])).toBe(refused)
  })
})

describe('what to look at after a refusal', () => {
  it('is the login of the registry, and on ghcr.io the permission', () => {
    const advice = refusalAdvice('ghcr.io/acme/app:1').join('\n')
    expect(advice).toContain('`docker login ghcr.io`')
    expect(advice).toContain('docker/login-action')
    expect(advice).toContain('packages: write')
    expect(refusalAdvice('r.example:5000/app').join('\n')).toMatch(/docker login r\.example:5000/)
    expect(refusalAdvice('r.example:5000/app').join('\n')).not.toContain('packages')
  })

  it('says that a tag without a registry is one of docker.io', () => {
    const advice = refusalAdvice('acme/app:1').join('\n')
    expect(advice).toContain('`docker login`')
    expect(advice).toContain('is one of docker.io')
    expect(refusalAdvice('docker.io/acme/app:1').join('\n')).not.toContain('is one of docker.io')
  })
})

describe('the registry of a tag', () => {
  it.each([
    ['acme/app:1', 'docker.io'],
    ['app', 'docker.io'],
    ['ghcr.io/acme/app', 'ghcr.io'],
    ['localhost:5000/app:1', 'localhost:5000']
  ])('%s is %s', (tag, host) => {
    expect(registryOf(tag)).toBe(host)
  })
})
