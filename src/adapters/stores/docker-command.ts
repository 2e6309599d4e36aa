import { tmpdir } from 'node:os'
import type { Exec } from '../../ports.js'
import { keepPrinted } from '../../printed.js'

/** What a docker command printed, both streams together. */
export interface DockerAnswer {
  readonly status: number
  readonly text: string
}

/** Runs docker until the signal comes; fails then, and where there is no docker. */
export type DockerCommand = (args: readonly string[], signal: AbortSignal) => Promise<DockerAnswer>

/** The docker command, with the user's own login. */
export function dockerCommand(exec: Exec, env: Readonly<Record<string, string>>): DockerCommand {
  return async (args, signal) => {
    signal.throwIfAborted()
    const { onOutput, text } = keepPrinted()
    const command = { tool: 'docker', args, cwd: tmpdir() }
    const { status } = await exec.stream(command, { env, signal, onOutput })
    signal.throwIfAborted()
    return { status, text: text() }
  }
}

/** Ids in one call, well below the limits of a command line. */
const BATCH = 200

const FACTS = /^(sha256:[0-9a-f]{64}) (\S+)$/gm

/** The platforms of those images that are on the daemon, by id: two words such as `linux/amd64`. */
export async function imagePlatforms(
  docker: DockerCommand,
  ids: readonly string[],
  signal: AbortSignal
): Promise<ReadonlyMap<string, string>> {
  const found = new Map<string, string>()
  const wanted = new Set(ids)
  for (let start = 0; start < ids.length; start += BATCH) {
    const format = '{{.Id}} {{.Os}}/{{.Architecture}}'
    const batch = ids.slice(start, start + BATCH)
    const { text } = await docker(['image', 'inspect', '--format', format, ...batch], signal)
    for (const [, id = '', platform = ''] of text.matchAll(FACTS)) {
      if (wanted.has(id)) found.set(id, platform)
    }
  }
  return found
}

/**
 * How the daemon stores images. With `containerd` an image's id is the digest of its manifest, with
 * `graph` (overlay2 and its like) that of its configuration: the same image has another id there
 * (https://docs.docker.com/engine/storage/containerd/).
 */
export type ImageStoreKind = 'containerd' | 'graph'

/** Asks the daemon how it stores images; fails where it does not answer. */
export async function imageStoreKind(
  docker: DockerCommand,
  signal: AbortSignal
): Promise<ImageStoreKind> {
  const { status, text } = await docker(['info', '--format', '{{json .DriverStatus}}'], signal)
  if (status !== 0) throw new Error(text)
  return text.includes('io.containerd.snapshotter') ? 'containerd' : 'graph'
}
