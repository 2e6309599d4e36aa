import { tmpdir } from 'node:os'
import { fileURLToPath } from 'node:url'
import type { Exec } from '../../ports.js'
import { keepPrinted } from '../../printed.js'
import { dockerSocket } from '../docker-socket.js'
import { shellWord } from '../shell-word.js'
import type { ArchiveAnswer, ArchiveCall } from './archive-call.js'
import { answersIn, saidIn } from './program-answer.js'

/** Images as an archive in a file, compressed where its name ends in `.zst`. */
export interface ImageFile {
  readonly file: string
  /** Ids of the images that it is to hold, no more and no less. */
  readonly ids: readonly string[]
  /** Bytes that it may have, before it is compressed. */
  readonly limit: number
}

/** Moves images between the daemon and files, and looks at each archive before the daemon has all of it. Ends with the signal. */
export interface ArchivePipe {
  /** Writes an archive of images. */
  save(images: ImageFile, signal: AbortSignal): Promise<ArchiveAnswer>
  /** Has the daemon load one, which sets no tag. */
  load(images: ImageFile, signal: AbortSignal): Promise<ArchiveAnswer>
  /** Looks at one, and loads it nowhere. */
  check(images: ImageFile, signal: AbortSignal): Promise<ArchiveAnswer>
}

interface PipeOptions {
  readonly exec: Exec
  /** The environment of the docker command. */
  readonly env: Readonly<Record<string, string>>
  /** Address of archive-program as JavaScript. */
  readonly programUrl: string
}

const PACK = 'zstd -q -T0 -c'
const UNPACK = 'zstd -q -d -c'

/** Whether a file is compressed, by its name. */
const isCompressed = (file: string): boolean => file.endsWith('.zst')

/**
 * Moves images by a row of processes, each of which takes what the one before it gives, so that one
 * packs while another saves, and no archive lies on the disk as large as it is.
 */
export function archivesByProgram({ exec, env, programUrl }: PipeOptions): ArchivePipe {
  const socket = dockerSocket(env)
  const program = [process.execPath, fileURLToPath(programUrl)].map(shellWord).join(' ')

  const run = async (line: string, ids: readonly string[], signal: AbortSignal) => {
    signal.throwIfAborted()
    const { onOutput, text } = keepPrinted()
    // Each id is a word of its own: one word may have 128 KiB only.
    const args = ['-c', `umask 077; ${line}`, 'build-chain', ...ids]
    const command = { tool: '/bin/sh', args, cwd: tmpdir() }
    const { status } = await exec.stream(command, { env, signal, onOutput })
    signal.throwIfAborted()
    return { status, output: text() }
  }

  const stage = (call: ArchiveCall) => `${program} ${shellWord(JSON.stringify(call))} "$@"`

  const row = (file: string, last: string) =>
    `<${shellWord(file)} ${[...(isCompressed(file) ? [UNPACK] : []), last].join(' | ')}`

  const save: ArchivePipe['save'] = async ({ file, ids, limit }, signal) => {
    const source = socket === undefined ? ['docker save "$@"'] : []
    const packer = isCompressed(file) ? [PACK] : []
    const stages = [...source, stage({ way: 'save', limit, socket }), ...packer]
    const answer = answerOf(await run(`${stages.join(' | ')} >${shellWord(file)}`, ids, signal))
    return 'why' in answer && answer.why === CUT_SHORT ? BROKEN_OFF : answer
  }

  const pass = async ({ file, ids, limit }: ImageFile, to: string | undefined, end: AbortSignal) =>
    answerOf(await run(row(file, stage({ way: 'load', limit, socket: to })), ids, end))

  const check: ArchivePipe['check'] = (images, signal) => pass(images, undefined, signal)

  const load: ArchivePipe['load'] = async (images, signal) => {
    if (socket !== undefined) return pass(images, socket, signal)
    // The command takes an archive that ends early for one that ends well: it only gets what was looked at.
    const checked = await check(images, signal)
    if (checked.what !== 'done') return checked
    const { status, output } = await run(row(images.file, 'docker load --quiet'), [], signal)
    return status === 0 ? { what: 'done' } : { what: 'failed', why: output.trim() }
  }

  return { save, load, check }
}

const CUT_SHORT = 'it is cut short'
const BROKEN_OFF: ArchiveAnswer = { what: 'failed', why: 'the daemon broke off' }

/** Of another program of the row that failed this one knows only that nobody takes or gives anything any more. */
const KNOCK_ON = /^EPIPE|^it is cut short$/

function answerOf({ output, status }: { output: string; status: number }): ArchiveAnswer {
  const answer = answersIn(output).at(-1) as ArchiveAnswer | undefined
  const said = saidIn(output)
  if (answer && 'why' in answer && !(KNOCK_ON.test(answer.why) && said !== '')) return answer
  if (answer?.what === 'too large' || (answer?.what === 'done' && status === 0)) return answer
  return { what: 'failed', why: said || `it ended with status ${status}` }
}
