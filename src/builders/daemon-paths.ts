import { posix } from 'node:path'

/** A folder or file of the container that this program runs in. */
export interface OwnMount {
  /** Path in this container. */
  readonly target: string
  /** Path on the daemon's machine; undefined where there is none, as for a file system in memory. */
  readonly source: string | undefined
}

/** A path as the daemon knows it, or why it knows none. */
export type DaemonPath = { readonly path: string } | { readonly problem: string }

/** Whether a path is the kernel's own: it means the machine, whoever names it. */
export const isKernels = (path: string): boolean => /^\/(?:proc|sys|dev)(?:\/|$)/.test(path)

const isBelow = (path: string, folder: string) =>
  path === folder || path.startsWith(folder.endsWith('/') ? folder : `${folder}/`)

/** The innermost mount that holds a path. */
function mountOf(path: string, mounts: readonly OwnMount[]): OwnMount | undefined {
  return mounts
    .filter(({ target }) => isBelow(path, target))
    .reduce<OwnMount | undefined>(
      (inner, each) => (inner && inner.target.length >= each.target.length ? inner : each),
      undefined
    )
}

/**
 * Where the daemon has what this container sees at a path.
 * @param path absolute, its links resolved
 * @param mounts of this container, as the daemon tells them
 */
export function daemonPath(path: string, mounts: readonly OwnMount[]): DaemonPath {
  const mount = mountOf(path, mounts)
  if (!mount) {
    if (isKernels(path)) return { path }
    return { problem: "it lies in this job's container and on none of its mounts" }
  }
  if (mount.source === undefined) return { problem: `${mount.target} is in memory` }
  return { path: posix.join(mount.source, posix.relative(mount.target, path)) }
}

/** Mounts below a path that the daemon has elsewhere than below that path's own place. */
export function mountsBelow(path: string, mounts: readonly OwnMount[]): readonly OwnMount[] {
  return mounts.filter(({ target, source }) => {
    if (target === path || !isBelow(target, path) || isKernels(target)) return false
    const outer = daemonPath(
      target,
      mounts.filter(each => each.target !== target)
    )
    return !('path' in outer) || outer.path !== source
  })
}
