import { basename, dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import type { OwnMount } from '../builders/daemon-paths.js'
import type { Exec } from '../ports.js'
import {
  isInContainer,
  isOnRoot,
  ownMounts,
  ownSurroundings,
  type Surroundings
} from './own-container.js'
import type { ContainerSight } from './run-site.js'

/**
 * What the daemon makes of this program's paths: they are `same` to it; or this program is in a
 * container, whose mounts the daemon tells, or does not know.
 */
export type DaemonView = 'same' | { readonly mounts: readonly OwnMount[] | undefined }

/** What the program that starts containers is told, as a file. */
export interface RunSettings {
  /** Absolute path of the real docker. */
  readonly docker: string
  /** `name=value`, put on every container. */
  readonly label: string
  readonly mounts: readonly OwnMount[] | undefined
  readonly packerTemporary: string
  /** Gets a line for each mount that was refused. */
  readonly refusals: string
}

interface Look {
  readonly exec: Exec
  readonly env: Readonly<Record<string, string>>
  readonly surroundings: Surroundings
  /** Absolute path of the docker command. */
  readonly docker: string
  /** A folder of a name that no other machine has. */
  readonly own: string
}

/** Finds out what the daemon sees; asks it only from within a container. */
export async function lookFromDaemon(look: Look): Promise<DaemonView> {
  const { surroundings, docker, own } = look
  if (!isInContainer(surroundings)) return 'same'
  const mounts = await ownMounts(look.exec, look.env, surroundings)
  if (mounts) return { mounts }
  // A daemon beside this program, in one and the same container.
  const { daemonSees } = await import('./daemon-sight.js')
  return isOnRoot(surroundings, own) && daemonSees(docker, own) ? 'same' : { mounts: undefined }
}

/** Path of an entry of dist, from whichever of its files this code is in. */
function entryPath(name: string): string {
  const folder = dirname(fileURLToPath(import.meta.url))
  return join(basename(folder) === 'chunks' ? dirname(folder) : folder, name)
}

/** How this run's containers see what the program sees. */
export const containerSight = (
  exec: Exec,
  env: Readonly<Record<string, string>>
): ContainerSight => ({
  program: entryPath('docker-run.js'),
  look: (docker, own) => lookFromDaemon({ exec, env, docker, own, surroundings: ownSurroundings() })
})
