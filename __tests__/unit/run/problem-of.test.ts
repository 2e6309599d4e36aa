import { describe, expect, it } from 'vitest'
import { engineUnavailable } from '../../../src/adapters/engine-image.js'
import { missingTool } from '../../../src/adapters/run-tool.js'
import { exitStatus } from '../../../src/errors.js'
import { failureOf } from '../../../src/outcome.js'
import { troubleOf } from '../../../src/run/problem-of.js'
import { aResult } from '../../fixtures/image.js'

describe('what keeps an image from being built', () => {
  it('is what the run ends with: a missing docker is no failed build', () => {
    const failure = {
      ...troubleOf(missingTool('docker')),
      command: { tool: 'docker', args: [], cwd: '/' },
      exitStatus: undefined,
      lastLines: []
    }
    const error = failureOf([aResult({ status: 'failed', failure })])
    expect(error?.code).toBe('TOOL_MISSING')
    expect(exitStatus(error)).toBe(3)
    expect(error?.hint).toContain('Install docker')
  })

  it.each([
    ['connect EACCES /var/run/docker.sock', 'join its group'],
    ['permission denied while trying to connect', 'join its group'],
    ['connect ECONNREFUSED /var/run/docker.sock', 'Start Docker']
  ])('is told with what to do: %s', (said, remedy) => {
    expect(troubleOf(engineUnavailable(said)).advice?.join()).toContain(remedy)
  })
})
