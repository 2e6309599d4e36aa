import { describe, expect, it } from 'vitest'
import { openKept } from '../../../src/adapters/kept.js'
import { openFailedBuilds } from '../../../src/commands/keep-failed.js'
import type { Exec, Output } from '../../../src/ports.js'
import { memorySite } from '../../fixtures/fake-ports.js'
import { anImage, aPlannedImage } from '../../fixtures/image.js'
import { temporaryFolder } from '../../fixtures/temporary-folder.js'

const [OURS, OTHER, FOREIGN] = ['a', 'b', 'c'].map(letter => letter.repeat(64)) as [
  string,
  string,
  string
]

/** A daemon on which the run has started two containers. */
function machine({ isBuildKit = false, isRunning = true } = {}) {
  const kept = openKept(`${temporaryFolder()}/kept`)
  const calls: string[] = []
  const answer = (args: readonly string[]): string => {
    if (args[0] === 'container')
      return `${isRunning} /packer-1\n/home/me\n/home/me/.packer.d/tmp123\n`
    return args.includes('inspect') ? `sha256:${'f'.repeat(64)}\n` : ''
  }
  const capture = async (_: string, args: readonly string[]): Promise<Output> => {
    calls.push(args.join(' '))
    return { status: 0, stdout: answer(args), stderr: '' }
  }
  const site = { ...memorySite(), containers: async () => [OURS, OTHER] }
  const exec = { capture } as unknown as Exec
  const failed = openFailedBuilds({ exec, env: {}, site, kept, daemon: 'here', isBuildKit })
  return { failed, kept, calls }
}

const packer = aPlannedImage({ image: anImage({ builder: 'packer', tags: ['acme/app:1'] }) })
const docker = aPlannedImage({ image: anImage({ tags: ['acme/app:1'] }) })
const left = (...containers: string[]) => ({ containers, step: undefined })

describe('what a failed build left', () => {
  it('is kept and remembered with the folder of Packer that goes with it', async () => {
    const { failed, kept } = machine()
    const lines = await failed.keep(packer, left(OURS))
    expect(lines).toEqual([
      'enter: docker exec -it aaaaaaaaaaaa /bin/sh (build-chain clean removes it)'
    ])
    expect(kept.list()).toEqual([
      {
        kind: 'container',
        id: OURS,
        name: 'packer-1',
        daemon: 'here',
        why: 'the failed build of acme/app:1',
        folder: '/home/me/.packer.d/tmp123'
      }
    ])
  })

  it('is started first where it no longer runs', async () => {
    const [line] = await machine({ isRunning: false }).failed.keep(packer, left(OURS))
    expect(line).toContain('docker start aaaaaaaaaaaa && docker exec')
  })

  it('is never a container that the run did not start, whatever a provisioner printed', async () => {
    const { failed, kept } = machine()
    expect(await failed.keep(packer, left(FOREIGN))).toEqual([
      'nothing is kept: Packer failed before it started a container'
    ])
    expect(kept.list()).toEqual([])
  })

  it('is removed at the end of the run where no failed image has it', async () => {
    const { failed, calls } = machine()
    await failed.keep(packer, left(OURS))
    await failed.end()
    expect(calls.at(-1)).toBe(`rm --force --volumes ${OTHER}`)
  })

  it('is the layer before the step that failed, under a tag of its own', async () => {
    const { failed, kept, calls } = machine()
    const step = { step: 'RUN false', layer: 'abcdef123456' }
    const lines = await failed.keep(docker, { containers: [], step })
    const [thing] = kept.list()
    expect(thing).toMatchObject({ kind: 'image', id: `sha256:${'f'.repeat(64)}` })
    expect(thing?.name).toMatch(/^build-chain-kept\/app:run1-[0-9a-f]{8}$/)
    expect(calls).toContain(`image tag abcdef123456 ${thing?.name}`)
    expect(lines).toEqual([
      'failed step: RUN false',
      `enter the layer before it: docker run --rm -it --entrypoint /bin/sh ${thing?.name} (build-chain clean removes it)`
    ])
  })

  it('is nothing before the first layer, and with BuildKit', async () => {
    const step = { step: 'FROM missing', layer: undefined }
    expect(await machine().failed.keep(docker, { containers: [], step })).toEqual([
      'nothing is kept: no layer was made before the step that failed'
    ])
    const [line] = await machine({ isBuildKit: true }).failed.keep(docker, left())
    expect(line).toContain('BuildKit keeps no layer')
  })
})
