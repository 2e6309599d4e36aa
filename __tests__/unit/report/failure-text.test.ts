import { describe, expect, it } from 'vitest'
import { failureHeadline, failureText } from '../../../src/report/failure-text.js'
import type { Failure } from '../../../src/run/events.js'
import { anImage, aResult } from '../../fixtures/image.js'

const failure = (overrides: Partial<Failure> = {}): Failure => ({
  message: 'ended with exit status 2',
  command: { tool: 'docker', args: ['build', '--build-arg', 'A=b c', '/project'], cwd: '/project' },
  exitStatus: 2,
  lastLines: ['Step 2/2 : RUN false', 'boom'],
  ...overrides
})

const failed = (overrides: Partial<Failure> = {}) =>
  aResult({
    image: anImage({ tags: ['acme/app:1'] }),
    status: 'failed',
    failure: failure(overrides)
  })

describe('the text of a failure', () => {
  it('tells which image, which command, which exit status, its last lines and its log', () => {
    expect(failureText(failed())).toBe(`acme/app:1 failed: docker ended with exit status 2
  command: docker build --build-arg 'A=b c' /project
  in: /project
  last lines:
    Step 2/2 : RUN false
    boom
  whole log: /runs/1/001-app.log`)
  })

  it('has no last lines and no log where there are none', () => {
    const result = { ...failed({ lastLines: [] }), logFile: null }
    expect(failureText(result)).toBe(`acme/app:1 failed: docker ended with exit status 2
  command: docker build --build-arg 'A=b c' /project
  in: /project`)
  })

  it('acts on no terminal, and hides nothing of the command', () => {
    const text = failureText(
      failed({
        command: { tool: 'docker', args: ['build', 'A=evil\rharmless\n::x::'], cwd: '/' },
        lastLines: ['\u001b]0;title\u0007\u001b[2Jboom', 'half\rwhole']
      })
    )
    expect(text).toContain("docker build 'A=evil\\u000dharmless\\n::x::'")
    expect(text).toContain('    boom\n    whole\n')
    expect(text).not.toContain('\u001b')
  })

  it('is empty where nothing failed', () => {
    expect(failureText(aResult())).toBe('')
  })
})

describe('the headline of a failure', () => {
  const headline = (overrides: Partial<Failure>) =>
    failureHeadline(failed(overrides), failure(overrides))

  it('names the exit status once', () => {
    expect(headline({})).toBe('acme/app:1 failed: docker ended with exit status 2')
    expect(headline({ message: 'took longer than 5 minutes', exitStatus: 143 })).toBe(
      'acme/app:1 failed: docker took longer than 5 minutes (exit status 143)'
    )
  })

  it('names neither it nor the builder where that never ran', () => {
    expect(headline({ message: 'interrupted', exitStatus: undefined })).toBe(
      'acme/app:1 failed: interrupted'
    )
  })

  it('names the id of an image without a tag', () => {
    const image = anImage({ builder: 'packer', tags: [], id: 'packer__base.json' })
    expect(failureHeadline(aResult({ image }), failure())).toMatch(/^packer__base\.json failed: /)
  })
})
