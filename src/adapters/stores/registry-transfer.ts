import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { Engine } from '../../ports.js'
import { pause } from '../../run/pause.js'
import { backoff, transientReason } from '../../run/transient.js'
import { temporaryRoot } from '../current-run.js'
import type { DockerAnswer, DockerCommand } from './docker-command.js'
import { isMissing, registryFailure } from './registry-answers.js'
import { severalAtOnce } from './several-at-once.js'
import { waitFor, withLimit } from './store-calls.js'

/** What a transfer goes by: the docker command has the user's login, the daemon is asked all else. */
export interface TransferPorts {
  readonly docker: DockerCommand
  readonly engine: Engine
  /** References to take away when no image comes any more. */
  readonly strays: Set<string>
  /** The reference of one record, taken away with the strays; undefined where none is to be held. */
  readonly held: string[] | undefined
}

/** Characters in one label: the daemon reads lines of up to 64 KiB of a change. */
const CHUNK = 32_000

const label = (at: number) => `build-chain.record.${at}`

/** Milliseconds for taking away what was only needed on the way. */
const TIDY = 30_000

/** Milliseconds for a text: a registry that stalls is found out by the first of them. */
const TEXT = 60_000

/** References that are taken away at a time. */
const DROPS = 16

/** Takes references away from the daemon, also after the call was stopped; what has no other goes, too. */
export async function dropReferences(engine: Engine, references: readonly string[]): Promise<void> {
  const dropped = severalAtOnce(references, DROPS, reference =>
    engine.drop(reference).catch(() => {})
  )
  await waitFor(dropped, AbortSignal.timeout(TIDY)).catch(() => {})
}

/** Calls docker, and once more where a registry fails for a moment, as one may while two write the same tag. */
async function callPatiently(
  docker: DockerCommand,
  args: readonly string[],
  signal: AbortSignal
): Promise<DockerAnswer> {
  const answer = await docker(args, signal)
  if (answer.status === 0 || !transientReason([answer.text])) return answer
  await pause(backoff(2, Math.random()), signal)
  return docker(args, signal)
}

type Ports = Pick<TransferPorts, 'docker' | 'engine'>

/** Pulls; false where the registry has no such image. What a failure leaves is taken away. */
export async function pullReference(
  { docker, engine }: Ports,
  reference: string,
  signal: AbortSignal
): Promise<boolean> {
  try {
    return await pull(docker, reference, signal)
  } catch (failure) {
    // The daemon may have been done when the command was stopped.
    await dropReferences(engine, [reference])
    throw failure
  }
}

/** Pulls; false where the registry has no such image. A failure may leave what came. */
export async function pull(
  docker: DockerCommand,
  reference: string,
  signal: AbortSignal
): Promise<boolean> {
  const { status, text } = await callPatiently(docker, ['pull', '--quiet', reference], signal)
  if (status === 0) return true
  if (isMissing(text)) return false
  throw registryFailure(text)
}

/** Pushes, and gives the digest of the manifest; undefined where another run took the tag away. */
export async function pushReference(
  docker: DockerCommand,
  reference: string,
  signal: AbortSignal
): Promise<string | undefined> {
  const { status, text } = await callPatiently(docker, ['push', reference], signal)
  if (status === 0) return /digest: (sha256:[0-9a-f]{64}) size/.exec(text)?.[1]
  if (/does not exist locally|tag does not exist/.test(text)) return undefined
  throw registryFailure(text)
}

/** The text in the labels of an image; empty where there is none. */
function textOf(labels: Readonly<Record<string, string>>): string {
  const pieces: string[] = []
  for (let piece = labels[label(0)]; piece !== undefined; piece = labels[label(pieces.length)]) {
    pieces.push(piece)
  }
  return Buffer.from(pieces.join(''), 'base64url').toString()
}

/**
 * Reads a text from a registry; undefined where there is none. Fails after a minute. An image without a text is
 * another, and stays as a stray: with its last tag of a repository Docker takes away the digests of it there, too,
 * and may do so while that image is brought for itself. The first text is held: all have one and the same layer, so
 * that none after it has to wait until a daemon that downloads as many layers as it may at once is done with one.
 */
export async function pullText(
  ports: TransferPorts,
  reference: string,
  signal: AbortSignal
): Promise<string | undefined> {
  const bring = (end: AbortSignal) => pullReference(ports, reference, end)
  if (!(await withLimit(TEXT, signal, bring))) return undefined
  const { strays, held } = ports
  let stays = false
  try {
    const found = await waitFor(ports.engine.details(reference), signal)
    const text = found && textOf(found.labels)
    if (text === '') {
      strays.add(reference)
      stays = true
    } else if (text !== undefined && held?.length === 0) {
      held.push(reference)
      stays = true
    }
    return text
  } finally {
    if (!stays) await dropReferences(ports.engine, [reference])
  }
}

/** Bytes of a tar archive without members. */
const EMPTY_TAR = Buffer.alloc(1024)

async function importEmpty(
  docker: DockerCommand,
  args: readonly string[],
  signal: AbortSignal
): Promise<void> {
  const folder = await mkdtemp(join(temporaryRoot(), 'build-chain-'))
  try {
    const [file, reference] = [join(folder, 'empty.tar'), args.at(-1) ?? '']
    await writeFile(file, EMPTY_TAR)
    const { status, text } = await docker(['import', ...args.slice(0, -1), file, reference], signal)
    if (status !== 0) throw new Error(text)
  } finally {
    await rm(folder, { recursive: true, force: true })
  }
}

/** Writes a text to a registry, in the labels of an image with nothing in it. */
export async function pushText(
  { docker, engine }: Ports,
  { reference, text }: { readonly reference: string; readonly text: string },
  signal: AbortSignal
): Promise<void> {
  const encoded = Buffer.from(text).toString('base64url')
  const pieces = encoded.match(new RegExp(`.{1,${CHUNK}}`, 'g')) ?? []
  const changes = pieces.flatMap((piece, at) => ['--change', `LABEL ${label(at)}=${piece}`])
  try {
    await importEmpty(docker, [...changes, reference], signal)
    await pushReference(docker, reference, signal)
  } finally {
    await dropReferences(engine, [reference])
  }
}
