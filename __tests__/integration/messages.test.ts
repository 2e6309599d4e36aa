import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { ChainError, type ErrorCode, exitStatus, formatError } from '../../src/errors.js'
import { failureOf } from '../../src/outcome.js'
import { aPlannedImage, aResult } from '../fixtures/image.js'
import { BUILD_MESSAGES } from '../fixtures/messages/build-messages.js'
import { FILE_MESSAGES } from '../fixtures/messages/file-messages.js'
import { MANIFEST_MESSAGES } from '../fixtures/messages/manifest-messages.js'
import { type Cases, provoke } from '../fixtures/messages/message-case.js'
import { OPTION_MESSAGES } from '../fixtures/messages/option-messages.js'
import { TOOL_MESSAGES } from '../fixtures/messages/tool-messages.js'
import { DIST, runProgram } from '../fixtures/program.js'
import { temporaryProject, writeTree } from '../fixtures/project.js'
import { PROGRAMS } from '../fixtures/stand-ins.js'

/** Every code: one without a case does not compile. Only the last one needs a job's container to be provoked by a run. */
const CASES: Readonly<Record<Exclude<ErrorCode, 'MOUNT_UNREACHABLE'>, Cases>> = {
  ...OPTION_MESSAGES,
  ...MANIFEST_MESSAGES,
  ...FILE_MESSAGES,
  ...BUILD_MESSAGES,
  ...TOOL_MESSAGES
}

const ALL = Object.entries(CASES).flatMap(([code, cases]) =>
  cases.map(each => [code as ErrorCode, each.when, each] as const)
)

const statusOf = (code: ErrorCode) => exitStatus(new ChainError(code, '', { hint: '' }))

describe('the whole text of an error, with its place and its remedy', () => {
  it.each(ALL)('of %s where %s', async (code, _, each) => {
    const { status, text } = await provoke(each)
    expect({ text, status }).toEqual({ text: each.text, status: statusOf(code) })
  })

  it('of MOUNT_UNREACHABLE where a folder is in this container alone', async () => {
    const root = temporaryProject()
    const settings = {
      docker: join(PROGRAMS, 'docker'),
      label: 'a=b',
      mounts: [],
      packerTemporary: '/nowhere',
      refusals: join(root, 'refusals')
    }
    writeTree(root, { 'settings.json': JSON.stringify(settings), 'data/file': '' })
    const run = [join(root, 'settings.json'), '-v', `${root}/data:/data`, 'acme/app']
    const { stderr } = await runProgram(process.execPath, [join(DIST, 'docker-run.js'), ...run])
    expect(stderr.replaceAll(root, 'ROOT').trimEnd().split('\n')).toEqual([
      "build-chain: cannot mount ROOT/data at /data: it lies in this job's container and on none of its mounts, so Docker would mount an empty folder",
      'Keep it below a folder that the job mounts from the machine: docs/action.md#job-containers'
    ])
  })

  it('of MOUNT_UNREACHABLE where a run ends with it', () => {
    const advice = ['Keep it below a folder that the job mounts.']
    const { command } = aPlannedImage()
    const failure = { message: 'ended with exit status 1', command, exitStatus: 1, lastLines: [] }
    const result = aResult({
      status: 'failed',
      failure: { ...failure, code: 'MOUNT_UNREACHABLE', advice }
    })
    expect(formatError(failureOf([result])).split('\n')).toEqual([
      'docker/IMAGES.json:3:5: corpusops/app:1.0 failed: docker ended with exit status 1',
      'Keep it below a folder that the job mounts.',
      'Its whole log: /runs/1/001-app.log',
      'What was built before is on the daemon and in the outputs.'
    ])
  })
})
