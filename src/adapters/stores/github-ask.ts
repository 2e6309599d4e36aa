import { mkdir, readdir, rename, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { basename, dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import type { Exec } from '../../ports.js'
import { keepPrinted } from '../../printed.js'
import { noteTemporary, temporaryRoot } from '../current-run.js'
import { guardedPath } from '../guarded-tar.js'
import type { CacheCall } from './github-call.js'
import { answersIn } from './program-answer.js'

/** What the client gave, and all that it said. */
export interface CacheAnswer {
  readonly values: readonly unknown[]
  readonly output: string
}

/** Asks something of GitHub's cache; fails where it comes to no end. */
export type AskCache = (call: CacheCall, signal: AbortSignal) => Promise<CacheAnswer>

interface AskOptions {
  readonly exec: Exec
  /** The environment of the step. */
  readonly runner: Readonly<Record<string, string | undefined>>
  /** Address of github-program as JavaScript. */
  readonly programUrl: string
}

const defined = (env: AskOptions['runner']) =>
  Object.fromEntries(Object.entries(env).filter(entry => entry[1] !== undefined)) as Record<
    string,
    string
  >

function parseAnswer(output: string): CacheAnswer {
  const values = answersIn(output)
  if (values.length === 0) throw new Error(output.trim() || 'its client gave no answer')
  return { values, output }
}

/** Whether a folder has one of a name below it and nothing else, and that no more than files and folders. */
async function holdsOnly(place: string, name: string): Promise<boolean> {
  const all = await readdir(place, { recursive: true, withFileTypes: true })
  const isPlain = all.every(entry => entry.isFile() || entry.isDirectory())
  return isPlain && (await readdir(place)).join() === name
}

/** The answer for an archive that is refused, as the client itself would give it. */
const refused = ({ values, output }: CacheAnswer): CacheAnswer => ({
  values: [values[0], undefined],
  output: `${output}\n::warning::Failed to restore: the archive is not what was kept\n`
})

/** Has an archive of a folder unpacked beside it, and moves the folder to its place when it is alone in there. */
async function bring(
  folder: string,
  signal: AbortSignal,
  unpackTo: (place: string) => Promise<CacheAnswer>
): Promise<CacheAnswer> {
  const place = `${folder}.unpacked`
  const takeBack = noteTemporary(place)
  try {
    await rm(place, { recursive: true, force: true })
    await mkdir(place, { recursive: true, mode: 0o700 })
    const answer = await unpackTo(place)
    if (typeof answer.values[1] !== 'string') return answer
    if (!(await holdsOnly(place, basename(folder)))) return refused(answer)
    await rename(join(place, basename(folder)), folder)
    return answer
  } finally {
    await rm(place, { recursive: true, force: true })
    if (!signal.aborted) takeBack()
  }
}

/** Asks by a process for each call, which ends with the signal. */
export function askByProgram({ exec, runner, programUrl }: AskOptions): AskCache {
  return async (call, signal) => {
    signal.throwIfAborted()
    /** @param from the folder from which paths in an archive count */
    const ask = async (from: string) => {
      const env = {
        ...defined(runner),
        GITHUB_WORKSPACE: from,
        // The client puts archives on their way below it, and leaves them where it is ended.
        RUNNER_TEMP: temporaryRoot(),
        PATH: guardedPath(runner.PATH)
      }
      const { onOutput, text } = keepPrinted()
      const args = [fileURLToPath(programUrl), JSON.stringify(call)]
      const command = { tool: process.execPath, args, cwd: tmpdir() }
      await exec.stream(command, { env, signal, onOutput })
      signal.throwIfAborted()
      return parseAnswer(text())
    }
    return call.name === 'save' ? ask(dirname(call.folder)) : bring(call.folder, signal, ask)
  }
}
