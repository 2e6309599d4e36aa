import { describe, expect, it } from 'vitest'
import {
  isInContainer,
  isOnRoot,
  ownMounts,
  parseMounts,
  possibleIds
} from '../../../src/adapters/own-container.js'
import { scriptedExec } from '../../fixtures/fake-ports.js'

const ID = '0123456789abcdef'.repeat(4)
const OTHER = 'fedcba9876543210'.repeat(4)

const PLAIN = `22 27 0:21 / /proc rw,relatime - proc proc rw
27 1 254:0 / / rw,relatime - ext4 /dev/vda rw,discard
28 27 8:1 / /mnt/a\\040b rw shared:1 master:2 - ext4 /dev/vdb rw
`
const CONTAINER = `601 560 0:57 / / rw,relatime master:1 - overlay overlay rw,lowerdir=/l
640 601 254:0 /docker/containers/${ID}/resolv.conf /etc/resolv.conf rw - ext4 /dev/vda rw
641 601 254:0 /docker/containers/${ID}/hostname /etc/hostname rw - ext4 /dev/vda rw
`

const at = (mountinfo: string, more = {}) => ({
  mountinfo,
  cgroup: '0::/\n',
  hostname: 'build-box',
  ...more
})

describe('where a program runs', () => {
  it('is a container by its mounts', () => {
    expect(isInContainer(at(CONTAINER))).toBe(true)
    expect(isInContainer(at('1 0 0:1 / / rw - overlay overlay rw'))).toBe(true)
    expect(isInContainer(at('1 0 8:1 /x/hosts /etc/hosts rw - ext4 /dev/vda rw'))).toBe(true)
  })

  it('is a machine where there are none such, or no /proc', () => {
    expect(isInContainer(at(PLAIN))).toBe(false)
    expect(isInContainer(at(''))).toBe(false)
  })

  it('tells what is on the root file system and what on a further mount', () => {
    expect(isOnRoot(at(PLAIN), '/tmp/x')).toBe(true)
    expect(isOnRoot(at(PLAIN), '/mnt/a b/c')).toBe(false)
    expect(isOnRoot(at(PLAIN), '/mnt/a b')).toBe(false)
    expect(isOnRoot(at(PLAIN), '/mnt/a')).toBe(true)
  })
})

describe('the id of the container', () => {
  it('is in its mounts, in its cgroup, or its hostname', () => {
    expect(possibleIds(at(CONTAINER))).toEqual([ID])
    expect(possibleIds(at('', { cgroup: `0::/system.slice/docker-${ID}.scope\n` }))).toEqual([ID])
    expect(possibleIds(at('', { hostname: ID.slice(0, 12) }))).toEqual([ID.slice(0, 12)])
    expect(possibleIds(at(CONTAINER, { hostname: '0123456789ab' }))).toEqual([ID, '0123456789ab'])
  })

  it('is no hostname that somebody gave, since a container may have it as its name', () => {
    expect(possibleIds(at('', { hostname: 'database' }))).toEqual([])
    expect(possibleIds(at('', { hostname: 'cafe' }))).toEqual([])
  })
})

describe('its mounts', () => {
  it('are those that the daemon tells, those in memory without a place', () => {
    const told = `${JSON.stringify([
      { Type: 'bind', Source: '/work', Destination: '/__w/' },
      { Type: 'volume', Name: 'v', Source: '/volumes/v/_data', Destination: '/v' },
      { Type: 'tmpfs', Source: '', Destination: '/t' }
    ])}\n{"/run":"size=1m"}\n`
    expect(parseMounts(told)).toEqual([
      { target: '/__w', source: '/work' },
      { target: '/v', source: '/volumes/v/_data' },
      { target: '/t', source: undefined },
      { target: '/run', source: undefined }
    ])
    expect(parseMounts('null\nnull\n')).toEqual([])
  })

  it('are asked for by each id until the daemon knows one', async () => {
    const asked: (string | undefined)[] = []
    const exec = {
      ...scriptedExec(() => ({ status: 0 })),
      capture: async (_: string, args: readonly string[]) => {
        asked.push(args.at(-1))
        return args.at(-1) === ID
          ? { status: 0, stdout: '[]\nnull\n', stderr: '' }
          : { status: 1, stdout: '', stderr: 'no such container' }
      }
    }
    const surroundings = at(CONTAINER.replaceAll(ID, OTHER), { cgroup: `1:x:/docker/${ID}\n` })
    expect(await ownMounts(exec, {}, surroundings)).toEqual([])
    expect(asked).toEqual([OTHER, ID])
    expect(await ownMounts(exec, {}, at(PLAIN))).toBeUndefined()
  })
})
