import { describe, expect, it } from 'vitest'
import {
  DamagedError,
  DeniedError,
  isMissing,
  registryFailure
} from '../../../../src/adapters/stores/registry-answers.js'

const PREFIX = 'Error response from daemon: '

describe('what docker says of a registry', () => {
  it.each([
    `${PREFIX}manifest for r/x:1 not found: manifest unknown: manifest unknown`,
    `${PREFIX}failed to resolve reference "r/x:1": r/x:1: not found`,
    `${PREFIX}name unknown: repository name not known to registry`,
    `${PREFIX}no matching manifest for linux/arm64/v8 in the manifest list entries`
  ])('means that there is no such image: %s', text => {
    expect(isMissing(text)).toBe(true)
  })

  it.each([
    `${PREFIX}Get "https://r/v2/": dial tcp: lookup r: no such host`,
    `${PREFIX}received unexpected HTTP status: 500 Internal Server Error`,
    `${PREFIX}pull access denied for x, repository does not exist or may require 'docker login'`,
    'error getting credentials - err: exec: "docker-credential-x": executable file not found in $PATH'
  ])('does not mean that there is no such image: %s', text => {
    expect(isMissing(text)).toBe(false)
  })

  it.each([
    `${PREFIX}pull access denied for x, repository does not exist or may require 'docker login'`,
    `${PREFIX}Head "https://r/v2/x/manifests/1": unauthorized: authentication required`,
    'denied: requested access to the resource is denied',
    `${PREFIX}Get "https://r/v2/x": no basic auth credentials`
  ])('asks for a login: %s', text => {
    const failure = registryFailure(text)
    expect(failure).toBeInstanceOf(DeniedError)
    expect(failure.message).toContain('docker login')
  })

  it.each([
    'filesystem layer verification failed for digest sha256:0',
    `${PREFIX}manifest verification failed for digest sha256:0`,
    'unexpected EOF'
  ])('means that content was damaged: %s', text => {
    expect(registryFailure(text)).toBeInstanceOf(DamagedError)
  })

  it('is else a failure in its own last words', () => {
    const failure = registryFailure('x: Preparing\nreceived unexpected HTTP status: 502\n')
    expect(failure.message).toBe('received unexpected HTTP status: 502')
    expect(failure).not.toBeInstanceOf(DeniedError)
  })
})
