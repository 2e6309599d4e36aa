import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { daemonSees } from '../../../src/adapters/daemon-sight.js'
import { lookFromDaemon } from '../../../src/adapters/daemon-view.js'
import { scriptedExec } from '../../fixtures/fake-ports.js'
import { temporaryFolder, writeScript } from '../../fixtures/temporary-folder.js'

const ID = 'ab'.repeat(32)
const ROOT = '1 0 0:1 / / rw - overlay overlay rw\n'
const NAMED = `${ROOT}2 1 8:1 /containers/${ID}/hosts /etc/hosts rw - ext4 /dev/vda rw\n`

/** A docker that has only what lies below one path, and writes down what it was asked. */
function dockerWith(seen: string) {
  const folder = temporaryFolder()
  const calls = join(folder, 'calls')
  writeFileSync(calls, '')
  const docker = writeScript(
    join(folder, 'docker'),
    `printf '%s\\n' "$@" >>'${calls}'
case "$*" in
*source=${seen}*) echo 'Error response from daemon: No such image: x' >&2 ;;
*) echo 'Error response from daemon: invalid mount config for type "bind": bind source path does not exist: /x' >&2 ;;
esac
exit 1`
  )
  return { docker, words: () => readFileSync(calls, 'utf8').split('\n') }
}

describe('a path as the daemon sees it', () => {
  it('is told by a container that is never made', () => {
    const { docker, words } = dockerWith('/there')
    expect(daemonSees(docker, '/there/file')).toBe(true)
    expect(daemonSees(docker, '/elsewhere')).toBe(false)
    expect(words().slice(0, 5)).toEqual([
      'create',
      '--pull',
      'never',
      '--mount',
      'type=bind,"source=/there/file",target=/seen'
    ])
  })

  it('may hold commas and quotes', () => {
    const { docker, words } = dockerWith('/a')
    daemonSees(docker, '/a,b"c')
    expect(words()).toContain('type=bind,"source=/a,b""c",target=/seen')
  })

  it('is there where docker does not say', () => {
    expect(daemonSees(writeScript(join(temporaryFolder(), 'docker'), 'exit 125'), '/x')).toBe(true)
  })
})

describe('what the daemon makes of the paths of this program', () => {
  const look = (
    mountinfo: string,
    seen: string,
    answer = { status: 1, stdout: '', stderr: '' }
  ) => {
    const { docker, words } = dockerWith(seen)
    const captured: (readonly string[])[] = []
    const exec = {
      ...scriptedExec(() => ({ status: 0 })),
      capture: async (_: string, args: readonly string[]) => {
        captured.push(args)
        return answer
      }
    }
    const surroundings = { mountinfo, cgroup: '', hostname: 'box' }
    const view = lookFromDaemon({ exec, env: {}, surroundings, docker, own: '/tmp/own-folder' })
    return { view, words, captured }
  }

  it('is the same on a plain machine, and nobody is asked', async () => {
    const { view, words, captured } = look('1 0 8:1 / / rw - ext4 /dev/vda rw\n', '/nothing')
    expect(await view).toBe('same')
    expect([...captured, ...words()]).toEqual([''])
  })

  it('is what the mounts of its container tell', async () => {
    const stdout = `${JSON.stringify([{ Type: 'bind', Source: '/w', Destination: '/__w' }])}\nnull\n`
    const { view } = look(NAMED, '/nothing', { status: 0, stdout, stderr: '' })
    expect(await view).toEqual({ mounts: [{ target: '/__w', source: '/w' }] })
  })

  it('is the same where the daemon is in the same container', async () => {
    expect(await look(NAMED, '/tmp/own-folder').view).toBe('same')
  })

  it('is not known where the daemon does not have our folder, or it lies on a mount of its own', async () => {
    expect(await look(NAMED, '/nothing').view).toEqual({ mounts: undefined })
    const shared = `${NAMED}3 1 8:2 / /tmp rw - ext4 /dev/vdb rw\n`
    expect(await look(shared, '/tmp/own-folder').view).toEqual({ mounts: undefined })
  })
})
