import { describe, expect, it } from 'vitest'
import { daemonPath, mountsBelow, type OwnMount } from '../../../src/builders/daemon-paths.js'

/** As GitHub's runner mounts them into a job's container. */
const MOUNTS: readonly OwnMount[] = [
  { target: '/__w', source: '/home/runner/work' },
  { target: '/__w/_temp', source: '/home/runner/work/_temp' },
  { target: '/var/run/docker.sock', source: '/run/host.sock' },
  { target: '/host', source: '/' },
  { target: '/__w/app/node_modules', source: '/var/lib/docker/volumes/modules/_data' },
  { target: '/__w/memory', source: undefined }
]

describe('a path of a container', () => {
  it.each([
    ['/__w', '/home/runner/work'],
    ['/__w/app/app', '/home/runner/work/app/app'],
    ['/__w/app/node_modules/x', '/var/lib/docker/volumes/modules/_data/x'],
    ['/var/run/docker.sock', '/run/host.sock'],
    ['/host/etc', '/etc'],
    ['/host', '/'],
    ['/sys/fs/cgroup', '/sys/fs/cgroup'],
    ['/dev/kvm', '/dev/kvm'],
    ['/proc', '/proc']
  ])('is known to the daemon by the innermost mount: %s is %s', (path, expected) => {
    expect(daemonPath(path, MOUNTS)).toEqual({ path: expected })
  })

  it.each([
    ['/opt/x', 'on none of its mounts'],
    ['/__work', 'on none of its mounts'],
    ['/', 'on none of its mounts'],
    ['/devices', 'on none of its mounts'],
    ['/__w/memory/x', '/__w/memory is in memory']
  ])('is not known: %s', (path, problem) => {
    expect(daemonPath(path, MOUNTS)).toEqual({ problem: expect.stringContaining(problem) })
  })
})

describe('the mounts below a folder', () => {
  const below = (path: string) => mountsBelow(path, MOUNTS).map(({ target }) => target)

  it('are those that the daemon has elsewhere', () => {
    expect(below('/__w')).toEqual(['/__w/app/node_modules', '/__w/memory'])
    expect(below('/__w/app')).toEqual(['/__w/app/node_modules'])
  })

  it('are none where there is nothing below it, or the folder is a mount itself', () => {
    expect(below('/__w/_temp')).toEqual([])
    expect(below('/__w/app/node_modules')).toEqual([])
    expect(below('/__w/application')).toEqual([])
  })
})
