import { readFileSync } from 'node:fs'
import { hostname } from 'node:os'
import { posix } from 'node:path'
import type { OwnMount } from '../builders/daemon-paths.js'
import type { Exec } from '../ports.js'

/** What tells where this program runs. */
export interface Surroundings {
  /** `/proc/self/mountinfo`: https://man7.org/linux/man-pages/man5/proc_pid_mountinfo.5.html */
  readonly mountinfo: string
  /** `/proc/self/cgroup` */
  readonly cgroup: string
  readonly hostname: string
}

const textOf = (path: string) => {
  try {
    return readFileSync(path, 'utf8')
  } catch {
    return ''
  }
}

/** The surroundings of this process; empty texts where there is no /proc. */
export const ownSurroundings = (): Surroundings => ({
  mountinfo: textOf('/proc/self/mountinfo'),
  cgroup: textOf('/proc/self/cgroup'),
  hostname: hostname()
})

interface MountLine {
  readonly root: string
  readonly point: string
  readonly type: string
}

const unescaped = (text: string) =>
  text.replace(/\\([0-7]{3})/g, (_, digits: string) =>
    String.fromCharCode(Number.parseInt(digits, 8))
  )

function mountLines(mountinfo: string): MountLine[] {
  return mountinfo.split('\n').flatMap(line => {
    const match = /^\d+ \d+ \S+ (\S+) (\S+) .*? - (\S+)/.exec(line)
    if (!match) return []
    const [, root = '', point = '', type = ''] = match
    return [{ root: unescaped(root), point: unescaped(point), type }]
  })
}

/** Files that every engine mounts into its containers. */
const ENGINE_FILES = new Set(['/etc/hostname', '/etc/hosts'])
const LAYERED = /^(overlay|aufs|fuse\.fuse-overlayfs)$/

/** Whether this program runs in a container, by its mounts; a file such as /.dockerenv may be a leftover. */
export function isInContainer({ mountinfo }: Surroundings): boolean {
  return mountLines(mountinfo).some(
    ({ point, type }) => ENGINE_FILES.has(point) || (point === '/' && LAYERED.test(type))
  )
}

/** Whether a path lies on the root file system itself, and not on a further mount. */
export function isOnRoot({ mountinfo }: Surroundings, path: string): boolean {
  const holds = ({ point }: MountLine) => {
    const rest = posix.relative(point, path)
    return point !== '/' && rest !== '..' && !rest.startsWith('../')
  }
  return !mountLines(mountinfo).some(holds)
}

const ID = /[0-9a-f]{64}/

/** Ids that this container may have, the surest first. */
export function possibleIds({ mountinfo, cgroup, hostname: name }: Surroundings): string[] {
  const mounted = mountLines(mountinfo)
    .filter(({ point }) => point.startsWith('/etc/'))
    .map(({ root }) => ID.exec(root)?.[0])
  const grouped = cgroup.split('\n').map(line => ID.exec(line)?.[0])
  // A container's hostname is the start of its id unless it was given another.
  const named = /^[0-9a-f]{12,64}$/.test(name) ? [name] : []
  return [...new Set([...mounted, ...grouped, ...named])].filter(id => id !== undefined)
}

interface InspectedMount {
  readonly Type?: unknown
  readonly Source?: unknown
  readonly Destination?: unknown
}

/** Undefined where the text is none. */
function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}

/** Mounts of a container in what `docker container inspect` prints by `FORMAT`. */
export function parseMounts(text: string): OwnMount[] {
  const [mounts = 'null', inMemory = 'null'] = text.trim().split('\n')
  const rows = jsonOf(mounts)
  const paths = Object.keys(Object(jsonOf(inMemory)))
  const listed: readonly unknown[] = Array.isArray(rows) ? rows : []
  return [
    ...listed
      .map(row => Object(row) as InspectedMount)
      .flatMap(({ Type, Source, Destination }) =>
        typeof Destination !== 'string'
          ? []
          : [
              {
                target: posix.resolve('/', Destination),
                source:
                  Type === 'tmpfs' || typeof Source !== 'string' || !Source ? undefined : Source
              }
            ]
      ),
    ...paths.map(path => ({ target: posix.resolve('/', path), source: undefined }))
  ]
}

const FORMAT = '{{json .Mounts}}\n{{json .HostConfig.Tmpfs}}'

/**
 * Mounts of the container that this program runs in, as its daemon tells them; undefined where it
 * is none of this daemon's containers.
 */
export async function ownMounts(
  exec: Exec,
  env: Readonly<Record<string, string>>,
  surroundings: Surroundings
): Promise<readonly OwnMount[] | undefined> {
  for (const id of possibleIds(surroundings)) {
    const args = ['container', 'inspect', '--format', FORMAT, id]
    const { status, stdout } = await exec.capture('docker', args, { env })
    if (status === 0) return parseMounts(stdout)
  }
  return undefined
}
