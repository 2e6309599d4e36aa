import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { runEnvironment, runFolder } from './current-run.js'
import { runTool } from './run-tool.js'

/** A named pipe of one use, with a place for a file beside it. */
export interface NamedPipe {
  readonly path: string
  /** Absolute path, at which nothing is. */
  readonly beside: string
  /** Removes both. */
  readonly remove: () => void
}

/** The failure of an image: a Ctrl-C of the terminal, too, may end what makes the pipe. */
export const noPipe = (path: string, why: string, cause?: unknown) =>
  Object.assign(new Error(`no named pipe could be made at ${path}: ${why}`, { cause }), {
    syscall: 'mkfifo'
  })

/** Pipes that a run makes at once: to start what makes one takes milliseconds, and each further one none. */
const AT_ONCE = 16

const FOLDER = 'build-chain-'

/** Makes pipes in a new folder, and gives their paths. */
async function makePipes(mkfifo: string, root: string, count: number): Promise<readonly string[]> {
  const folder = mkdtempSync(join(root, FOLDER))
  const paths = Array.from({ length: count }, (_, number) => join(folder, `output-${number}`))
  const said: Buffer[] = []
  const status = await runTool(mkfifo, ['-m', '600', ...paths], {
    env: { ...(process.env as Record<string, string>), ...runEnvironment() },
    stderr: chunk => said.push(chunk)
  })
  if (status === 0) return paths
  rmSync(folder, { recursive: true, force: true })
  throw noPipe(folder, Buffer.concat(said).toString().trim() || `mkfifo ended with ${status}`)
}

/** The pipes of a run that nobody has taken yet. */
class Spare {
  readonly folder: string
  readonly #paths: string[] = []
  #making: Promise<void> | undefined

  /** @param folder of the run's temporary files, which removes what is in it */
  constructor(folder: string) {
    this.folder = folder
  }

  async take(mkfifo: string): Promise<string> {
    for (;;) {
      const path = this.#paths.pop()
      if (path !== undefined) return path
      await this.more(mkfifo)
    }
  }

  more(mkfifo: string): Promise<void> {
    this.#making ??= this.#make(mkfifo)
    return this.#making
  }

  async #make(mkfifo: string): Promise<void> {
    try {
      this.#paths.push(...(await makePipes(mkfifo, this.folder, AT_ONCE)))
    } finally {
      this.#making = undefined
    }
  }
}

let spare: Spare | undefined

const besides = (path: string) => `${path}.beside`

function spareOf(folder: string): Spare {
  if (spare?.folder !== folder) spare = new Spare(folder)
  return spare
}

/** Makes pipes for a run, which are there when they are needed; what fails is met then. */
export async function stirPipes(mkfifo: string): Promise<void> {
  const folder = runFolder()
  if (folder !== undefined) await spareOf(folder).more(mkfifo)
}

async function pipeOfRun(mkfifo: string, folder: string): Promise<NamedPipe> {
  const path = await spareOf(folder).take(mkfifo)
  const beside = besides(path)
  const remove = () => {
    for (const each of [path, beside]) rmSync(each, { force: true })
  }
  return { path, beside, remove }
}

/**
 * Makes a named pipe that only this user may use, or takes one that was made before.
 * @param mkfifo absolute path of the program
 * @throws Error of the system call `mkfifo` where there is none to be had
 */
export async function takePipe(mkfifo: string): Promise<NamedPipe> {
  const folder = runFolder()
  if (folder !== undefined) return pipeOfRun(mkfifo, folder)
  // Outside of a run nobody would remove more than one.
  const [path = ''] = await makePipes(mkfifo, tmpdir(), 1)
  const remove = () => rmSync(join(path, '..'), { recursive: true, force: true })
  return { path, beside: besides(path), remove }
}
