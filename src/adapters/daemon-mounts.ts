import { type Dirent, readdirSync, realpathSync, statSync } from 'node:fs'
import { dirname, join, posix, relative, resolve } from 'node:path'
import { daemonPath, isKernels, mountsBelow, type OwnMount } from '../builders/daemon-paths.js'
import type { BindMount, MountInstead } from '../builders/run-arguments.js'
import { ChainError } from '../errors.js'

/** How what this container sees reaches the containers that it has started. */
export interface MountSettings {
  /** Mounts of this container; undefined where the daemon does not know it, so paths are taken as they are and looked for. */
  readonly mounts: readonly OwnMount[] | undefined
  /** Folder of Packer's own temporary folders, which it mounts into Linux containers and does not use there. */
  readonly packerTemporary: string
  /** Whether the daemon has something at a path. */
  readonly sees: (path: string) => boolean
}

/** A path with its links resolved, as far as it is there. */
function realPath(path: string): string {
  try {
    return realpathSync(path)
  } catch {
    return path === dirname(path) ? path : join(realPath(dirname(path)), posix.basename(path))
  }
}

const isPlain = (entry: Dirent) => entry.isFile() || entry.isDirectory()
const isEasy = ({ name }: Dirent) => /^[\w.@+ -]+$/.test(name)

/** A path by which what is there can be told from an empty folder in its place; undefined where nothing is there. */
function evidence(path: string): string | undefined {
  try {
    if (!statSync(path).isDirectory()) return path
    const entries = readdirSync(path, { withFileTypes: true }).filter(isPlain)
    const entry = entries.find(isEasy) ?? entries[0]
    return entry ? join(path, entry.name) : path
  } catch {
    return undefined
  }
}

const MOUNT_HINT =
  'Keep it below a folder that the job mounts from the machine: docs/action.md#job-containers'

const refused = ({ host, target }: BindMount, why: string) =>
  new ChainError(
    'MOUNT_UNREACHABLE',
    `cannot mount ${host} at ${target}: ${why}, so Docker would mount an empty folder`,
    { hint: MOUNT_HINT }
  )

function mapped(mount: BindMount, real: string, settings: MountSettings): BindMount {
  const { mounts, sees } = settings
  const found = mounts ? daemonPath(real, mounts) : { path: real }
  if ('problem' in found) throw refused(mount, found.problem)
  const proof = evidence(real)
  // What is not there yet, Docker makes: on a mount of ours it appears here, too.
  const isLookedFor = !isKernels(real) && (proof !== undefined || mounts === undefined)
  if (isLookedFor && !sees(join(found.path, relative(real, proof ?? real)))) {
    throw refused(mount, `the Docker daemon does not see it at ${found.path}`)
  }
  return { host: found.path, target: mount.target }
}

/** The mounts below a folder, which the container would have found empty. */
function inner(mount: BindMount, real: string, mounts: readonly OwnMount[]): BindMount[] {
  return mountsBelow(real, mounts).map(({ target, source }) => {
    if (source === undefined) throw refused(mount, `${target} is in memory`)
    return { host: source, target: posix.join(mount.target, posix.relative(real, target)) }
  })
}

/**
 * What the daemon has to mount so that a container has what this one sees.
 * @throws ChainError MOUNT_UNREACHABLE where the daemon does not have it
 */
export function daemonMounts(mount: BindMount, settings: MountSettings): MountInstead {
  const real = realPath(resolve(mount.host))
  try {
    return [mapped(mount, real, settings), ...inner(mount, real, settings.mounts ?? [])]
  } catch (error) {
    if (real.startsWith(`${realPath(settings.packerTemporary)}/`)) return 'tmpfs'
    throw error
  }
}
