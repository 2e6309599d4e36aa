import { describe, expect, it } from 'vitest'
import { exitStatus } from '../../src/errors.js'
import { failureOf } from '../../src/outcome.js'
import type { Failure } from '../../src/run/events.js'
import { anImage, aResult } from '../fixtures/image.js'
import { aPush, aPushFailure } from '../fixtures/push.js'

const failure = (overrides: Partial<Failure> = {}): Failure => ({
  message: 'ended with exit status 2',
  command: { tool: 'docker', args: ['build', '.'], cwd: '/project' },
  exitStatus: 2,
  lastLines: ['boom'],
  ...overrides
})

const failed = (tag: string, overrides: Partial<Failure> = {}) =>
  aResult({ image: anImage({ tags: [tag] }), status: 'failed', failure: failure(overrides) })

const skipped = (reason: string) => aResult({ status: 'skipped', reason, tags: [] })

describe('a run', () => {
  it('has not failed where every image is built, reused or skipped on purpose', () => {
    const results = [aResult(), aResult({ status: 'reused' }), skipped('not chosen')]
    expect(failureOf(results)).toBeUndefined()
    expect(failureOf([])).toBeUndefined()
  })

  it('that failed names the first failed image, the command and the exit status, at its place', () => {
    const error = failureOf([aResult(), failed('acme/a:1'), aResult({ status: 'blocked' })])
    expect(error?.code).toBe('BUILD_FAILED')
    expect(error?.message).toBe('acme/a:1 failed: docker ended with exit status 2')
    expect(error?.where).toEqual({ file: 'docker/IMAGES.json', position: { line: 3, column: 5 } })
    expect(error?.hint).toContain('built before')
  })

  it('ends with the code of what its builds need and have not, whichever failed first', () => {
    const error = failureOf([failed('acme/a:1'), failed('acme/b:1', { code: 'MOUNT_UNREACHABLE' })])
    expect(error?.code).toBe('MOUNT_UNREACHABLE')
    expect(error?.message).toMatch(/^acme\/b:1 failed/)
  })

  it('says how many more images failed', () => {
    const error = failureOf([failed('acme/a:1'), failed('acme/b:1'), failed('acme/c:1')])
    expect(error?.message).toMatch(/^acme\/a:1 failed: .* \(and 2 more\)$/)
  })

  it('was interrupted where the user ended an image that ran', () => {
    const error = failureOf([failed('acme/a:1', { message: 'interrupted', exitStatus: undefined })])
    expect(error?.code).toBe('INTERRUPTED')
  })

  it('was interrupted where the user kept an image from starting', () => {
    expect(failureOf([aResult(), skipped('interrupted')])?.code).toBe('INTERRUPTED')
  })

  it('was interrupted although all was done when the signal came', () => {
    expect(failureOf([aResult()], [], true)?.code).toBe('INTERRUPTED')
    expect(failureOf([aResult()], [], false)).toBeUndefined()
  })

  it('was interrupted although another image had failed before', () => {
    const ended = { message: 'interrupted', exitStatus: undefined }
    const error = failureOf([failed('acme/a:1'), failed('acme/b:1', ended)])
    expect(error?.code).toBe('INTERRUPTED')
  })

  it('has failed, and was not interrupted, where images were not started after a failure', () => {
    const error = failureOf([failed('acme/a:1'), skipped('not started after a failure')])
    expect(error?.code).toBe('BUILD_FAILED')
  })
})

describe('a run that pushes', () => {
  const refused = aPushFailure({ message: 'docker.io refused it', advice: ['log in'] })
  const failedPush = aPush({ status: 'failed', reason: refused.message, failure: refused })

  it('has not failed where every image was pushed', () => {
    expect(failureOf([aResult()], [aPush()])).toBeUndefined()
  })

  it('that failed names the tag and the reason, at its place, and says what to do', () => {
    const error = failureOf([aResult()], [aPush(), failedPush, aPush({ status: 'blocked' })])
    expect(error?.code).toBe('PUSH_FAILED')
    expect(exitStatus(error)).toBe(1)
    expect(error?.message).toBe('push of acme/app:1 failed: docker.io refused it')
    expect(error?.where).toEqual({ file: 'docker/IMAGES.json', position: { line: 3, column: 5 } })
    expect(error?.hint).toMatch(/^log in\nThe next run builds nothing .* pushes the rest/)
  })

  it('says how many more pushes failed', () => {
    expect(failureOf([], [failedPush, failedPush])?.message).toMatch(/ \(and 1 more\)$/)
  })

  it('was interrupted where the user ended a push, or kept one from starting', () => {
    const ended = aPushFailure({ message: 'interrupted', exitStatus: undefined })
    const running = aPush({ status: 'failed', reason: 'interrupted', failure: ended })
    expect(failureOf([aResult()], [failedPush, running])?.code).toBe('INTERRUPTED')
    const waiting = aPush({ status: 'skipped', reason: 'interrupted' })
    expect(failureOf([aResult()], [waiting])?.code).toBe('INTERRUPTED')
  })
})
