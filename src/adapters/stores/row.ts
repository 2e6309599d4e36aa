import { type ChildProcessByStdio, spawn } from 'node:child_process'
import { tmpdir } from 'node:os'
import type { Readable, Writable } from 'node:stream'
import { runEnvironment } from '../current-run.js'

/** How a row of programs ended: the exit status of the last of them, and what all of them said. */
export interface RowEnd {
  readonly status: number | null
  readonly said: string
}

interface RowOptions {
  /** Words for the line, as `"$@"`: one word may have 128 KiB only. */
  readonly words: readonly string[]
  /** The whole environment. */
  readonly env: Readonly<Record<string, string>>
  /** Whether what the last gives is read, which then has to be done to its end; else it is thrown away. */
  readonly isRead?: boolean
  /** Ends all of them at once. */
  readonly signal: AbortSignal
}

type Child = ChildProcessByStdio<Writable, Readable | null, Readable>

/** Programs of which each takes what the one before it gives, the first from here, and here from the last. */
export class Row {
  readonly #child: Child
  /** Comes when all have ended; fails where none could be started. */
  readonly ended: Promise<RowEnd>

  /** @param line for a POSIX shell */
  constructor(line: string, { words, env, isRead = false, signal }: RowOptions) {
    signal.throwIfAborted()
    const args = ['-c', `umask 077; ${line}`, 'build-chain', ...words]
    const child = spawn('/bin/sh', args, {
      env: { ...env, ...runEnvironment() },
      cwd: tmpdir(),
      detached: true,
      stdio: ['pipe', isRead ? 'pipe' : 'ignore', 'pipe']
    }) as Child
    this.#child = child
    const said: Buffer[] = []
    this.ended = new Promise((resolve, reject) => {
      child.on('error', reject)
      child.on('close', status => {
        signal.removeEventListener('abort', this.kill)
        resolve({ status, said: Buffer.concat(said).toString() })
      })
    })
    // Who waits for it is told.
    this.ended.catch(() => {})
    // https://nodejs.org/docs/latest-v20.x/api/child_process.html#subprocessstderr: where it could not be started.
    if (!child.stderr || !child.stdin)
      throw new Error('no program can be started: too many files are open')
    child.stderr.on('data', piece => said.push(piece))
    signal.addEventListener('abort', this.kill)
    // What nobody has begun to read would be thrown away by Node when the programs end.
    child.stdout?.on('readable', () => {})
    // Where the first takes no more, `write` tells.
    child.stdin.on('error', () => {})
  }

  /**
   * Gives pieces to the first; resolves once it may have more.
   * @returns false where it takes no more
   */
  write(pieces: readonly Buffer[]): Promise<boolean> {
    const { stdin } = this.#child
    return new Promise(resolve => {
      stdin.cork()
      for (const piece of pieces) stdin.write(piece)
      stdin.write('', failure => resolve(!failure))
      stdin.uncork()
    })
  }

  /** Tells the first that nothing more comes. */
  end(): void {
    this.#child.stdin.end()
  }

  /** What the last gives, where that is read. */
  output(): AsyncIterable<Buffer> {
    const { stdout } = this.#child
    if (stdout === null) throw new Error('what this row gives is not read')
    return stdout
  }

  /** Ends all of them, which lead a process group; nothing more is read of them. */
  readonly kill = (): void => {
    const { pid, exitCode, signalCode, stdin, stdout } = this.#child
    try {
      if (pid !== undefined && exitCode === null && signalCode === null) {
        process.kill(-pid, 'SIGKILL')
      }
    } catch {
      // They have just ended.
    }
    stdin.destroy()
    stdout?.destroy()
  }
}
