import { describe, expect, it } from 'vitest'
import { reportJson } from '../../../src/report/report.js'
import { anImage, aPlannedImage, aResult } from '../../fixtures/image.js'
import { aPush, aPushFailure } from '../../fixtures/push.js'

const image = anImage({ tags: ['acme/app:1'] })
const planned = aPlannedImage({ image })
const plan = {
  manifests: ['docker/IMAGES.json'],
  images: [planned],
  warnings: [{ message: 'careful', file: 'docker/IMAGES.json' }]
}
const failure = {
  message: 'ended with exit status 2',
  command: planned.command,
  exitStatus: 2,
  lastLines: ['boom']
}

describe('the report', () => {
  it('has everything of a run: what was asked, what came out, and where the logs are', () => {
    const results = [aResult({ image, status: 'failed', tags: [], imageId: null, failure })]
    const packer = { path: '/bin/packer', version: '1.11.2', source: 'PATH' }
    expect(JSON.parse(reportJson({ plan, results, packer }))).toMatchObject({
      manifests: ['docker/IMAGES.json'],
      packer: { path: '/bin/packer', version: '1.11.2', source: 'PATH' },
      warnings: plan.warnings,
      images: [
        {
          id: 'dockerfile__acme/app:1',
          status: 'failed',
          command: planned.command,
          logFile: '/runs/1/001-app.log',
          failure
        }
      ]
    })
  })

  it('has when each attempt began and how long it took', () => {
    const attempts = [
      { startedAt: 1_790_000_000.12345, seconds: 1.23456 },
      { startedAt: 1_790_000_005, seconds: 2 }
    ]
    const report = reportJson({ plan, results: [aResult({ image, attempts })], packer: undefined })
    expect(JSON.parse(report)).toMatchObject({
      images: [
        {
          startedAt: 1_790_000_000.123,
          attempts: [
            { startedAt: 1_790_000_000.123, seconds: 1.235 },
            { startedAt: 1_790_000_005, seconds: 2 }
          ]
        }
      ]
    })
  })

  it('says null of what there was none of', () => {
    const report = reportJson({ plan, results: [aResult({ image })], packer: undefined })
    expect(JSON.parse(report)).toMatchObject({ packer: null, images: [{ failure: null }] })
  })

  it('has the tags that were pushed, with the digests of their registries, and how it ended', () => {
    const digest = `sha256:${'1'.repeat(64)}`
    const failure = aPushFailure({ tag: 'acme/app:2' })
    const pushes = [
      aPush({
        image,
        status: 'failed',
        reason: failure.message,
        pushed: [{ tag: 'acme/app:1', digest, sent: true }],
        failure
      })
    ]
    const report = reportJson({ plan, results: [aResult({ image })], packer: undefined, pushes })
    expect(JSON.parse(report).images[0]).toMatchObject({
      pushed: ['acme/app:1'],
      push: {
        status: 'failed',
        reason: failure.message,
        digests: { 'acme/app:1': digest },
        logFile: '/runs/1/002-push.log',
        failure
      }
    })
  })

  it('has no push of an image that was not to be pushed', () => {
    const report = reportJson({ plan, results: [aResult({ image })], packer: undefined })
    expect(JSON.parse(report).images[0]).toMatchObject({ pushed: [], push: null })
  })
})
