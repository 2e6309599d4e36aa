import { spawn } from 'node:child_process'
import { closeSync, mkdtempSync, openSync, readFileSync, readSync, rmSync, statSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

/** A call of a program. */
export interface Call {
  readonly program: string
  readonly args: readonly string[]
  readonly cwd?: string | undefined
  /** In addition to the environment of the benchmarks. */
  readonly env?: Readonly<Record<string, string>> | undefined
  /** With all of the environment of this process: what fetches something may need it for that. */
  readonly fetches?: boolean | undefined
  /** Runs although the benchmarks were interrupted. */
  readonly tidies?: boolean | undefined
}

const TAKEN =
  /^(INPUT_|GITHUB_|RUNNER_|ACTIONS_|STATE_|DOCKER_BUILDKIT|BUILDX_|PACKER_|NODE_|CI$|IMAGES|XDG_)/

/** The environment of this process less what a runner puts there, or what would change what is measured. */
export function plainEnvironment(): Record<string, string> {
  const kept = Object.entries(process.env).filter(([name]) => !TAKEN.test(name))
  return { ...(Object.fromEntries(kept) as Record<string, string>), CHECKPOINT_DISABLE: '1' }
}

let folder: string | undefined

/** Where programs write, in place of a pipe that this process would have to empty meanwhile. */
function logsFolder(): string {
  folder ??= mkdtempSync(join(tmpdir(), 'build-chain-bench-logs-'))
  return folder
}

/** Removes what programs wrote. */
export function removeLogs(): void {
  if (folder !== undefined) rmSync(folder, { recursive: true, force: true })
  folder = undefined
}
process.once('exit', removeLogs)

const running = new Set<number>()
let ended = false

/** Milliseconds after which a program is taken for one that does not end. */
const PATIENCE = 15 * 60_000

function end(pid: number): void {
  try {
    process.kill(-pid, 'SIGTERM')
  } catch {
    // It has ended by itself.
  }
}

/** Ends what is running, with all that it started. Who waits for it waits for ever, so as to do nothing more. */
export function endPrograms(): void {
  ended = true
  for (const pid of running) end(pid)
}

const never = () => new Promise<never>(() => {})

let calls = 0

/** Where the two streams of a call go. */
export interface Streams {
  readonly out: string
  readonly err: string
}

const nextStreams = (): Streams => {
  calls += 1
  return { out: join(logsFolder(), `${calls}.out`), err: join(logsFolder(), `${calls}.err`) }
}

const LAST_BYTES = 4000

/** The end of a file, which may be larger than a text can be. */
function endOf(file: string): string {
  if (file === '/dev/null') return ''
  const { size } = statSync(file)
  const piece = Buffer.alloc(Math.min(size, LAST_BYTES))
  const opened = openSync(file, 'r')
  readSync(opened, piece, 0, piece.length, size - piece.length)
  closeSync(opened)
  return piece.toString()
}

function failed({ program, args }: Call, how: string, { out, err }: Streams): Error {
  const last = [endOf(err), endOf(out)].join('\n').trim().split('\n').slice(-8).join('\n  ')
  return new Error(`${[program, ...args].join(' ').slice(0, 300)} ${how}:\n  ${last}`)
}

/** Seconds from the start of a program to its end; one that fails is an error with its last lines. */
function elapsed(call: Call, streams: Streams): Promise<number> {
  if (ended && !call.tidies) return never()
  const [out, err] = [openSync(streams.out, 'w'), openSync(streams.err, 'w')]
  const env = { ...(call.fetches ? process.env : plainEnvironment()), ...call.env }
  return new Promise((done, fail) => {
    const started = performance.now()
    const child = spawn(call.program, call.args, {
      cwd: call.cwd,
      env,
      detached: true,
      stdio: ['ignore', out, err]
    })
    const { pid } = child
    if (pid !== undefined) running.add(pid)
    const patience = setTimeout(() => pid && end(pid), PATIENCE)
    closeSync(out)
    closeSync(err)
    child.once('error', error => {
      clearTimeout(patience)
      fail(error)
    })
    child.once('exit', (status, signal) => {
      const seconds = (performance.now() - started) / 1000
      clearTimeout(patience)
      if (pid !== undefined) running.delete(pid)
      if (ended && !call.tidies) return
      if (status === 0) done(seconds)
      else fail(failed(call, `ended with ${status ?? signal}`, streams))
    })
  })
}

const forget = ({ out, err }: Streams) => {
  for (const file of [out, err]) if (file !== '/dev/null') rmSync(file, { force: true })
}

/**
 * Runs a program and gives the seconds from its start to its end.
 * @throws Error with its last lines where it fails
 */
export async function timed(call: Call, streams: Streams = nextStreams()): Promise<number> {
  try {
    return await elapsed(call, streams)
  } finally {
    forget(streams)
  }
}

/**
 * Runs a program and gives what it printed.
 * @throws Error with its last lines where it fails
 */
export async function output(call: Call): Promise<string> {
  const streams = nextStreams()
  await elapsed(call, streams)
  const text = readFileSync(streams.out, 'utf8')
  forget(streams)
  return text
}

/** A program of GNU that runs another and tells the most memory that it held. */
const TIME = '/usr/bin/time'

/**
 * Runs a program and gives the most bytes that it, or one that it started, held at once. The program
 * is started by a small one: Linux counts for a program what the one that started it held before.
 * @throws Error where there is no GNU time, or the program fails
 */
export async function peakBytes(call: Call, streams?: Streams): Promise<number> {
  const file = join(logsFolder(), 'peak')
  const args = ['-f', '%M', '-o', file, call.program, ...call.args]
  await timed({ ...call, program: TIME, args }, streams)
  return Number(readFileSync(file, 'utf8').trim().split('\n').at(-1)) * 1024
}

/** Whether the machine can tell how much memory a program holds. */
export const canMeasureMemory = (): Promise<boolean> =>
  peakBytes({ program: 'true', args: [] }).then(
    bytes => bytes > 0,
    () => false
  )
