import { describe, expect, it } from 'vitest'
import {
  pushFailureText,
  pushHeadline,
  pushText,
  pushTitle
} from '../../../src/report/push-text.js'
import { aPush, aPushFailure } from '../../fixtures/push.js'

const digest = `sha256:${'1'.repeat(64)}`

describe('the outcome of a push', () => {
  it('is one line with the tags and the digest', () => {
    const pushed = ['acme/app:1', 'acme/app:2'].map(tag => ({ tag, digest, sent: true }))
    expect(pushText(aPush({ pushed }))).toBe(`acme/app:1, acme/app:2 pushed in 1.5 s: ${digest}`)
  })

  it('says where nothing was sent, since the registry had it', () => {
    const pushed = [{ tag: 'acme/app:1', digest, sent: false }]
    expect(pushText(aPush({ pushed }))).toBe(`acme/app:1 pushed before: ${digest}`)
  })

  it('says why an image was left out', () => {
    const push = aPush({ status: 'blocked', reason: 'stands on base', pushed: [] })
    expect(pushText(push)).toBe('push of acme/app:1 blocked: stands on base')
  })
})

describe('a failed push', () => {
  const failure = aPushFailure({
    tag: 'acme/app:2',
    message: 'docker.io refused it: denied',
    lastLines: ['Preparing', 'denied'],
    advice: ['log in']
  })
  const push = aPush({
    status: 'failed',
    reason: failure.message,
    pushed: [{ tag: 'acme/app:1', digest, sent: true }],
    failure
  })

  it('is told with its tag, its command, its last lines, what to do, and what was pushed before', () => {
    expect(pushFailureText(push)).toBe(`push of acme/app:2 failed: docker.io refused it: denied
  command: docker push acme/app:2
  last lines:
    Preparing
    denied
  log in
  pushed before: acme/app:1
  whole log: /runs/1/002-push.log`)
    expect(pushHeadline(push)).toBe('push of acme/app:2 failed: docker.io refused it: denied')
  })

  it('has no text where it did not fail', () => {
    expect(pushFailureText(aPush())).toBe('')
  })
})

it('the heading of a push names its tag', () => {
  expect(pushTitle('acme/app:1')).toBe('push acme/app:1')
})
