import { tmpdir } from 'node:os'
import { dirname } from 'node:path'
import { fileURLToPath } from 'node:url'
import type { Exec } from '../../ports.js'
import { keepPrinted } from '../../printed.js'
import { temporaryRoot } from '../current-run.js'
import { guardedPath } from '../guarded-tar.js'
import { ANSWER, type CacheCall } from './github-call.js'

/** What the client gave, and all that it said. */
export interface CacheAnswer {
  readonly value: unknown
  readonly output: string
}

/** Makes one call of GitHub's cache; fails where it comes to no end. */
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
  const line = output.split('\n').findLast(each => each.startsWith(ANSWER))
  if (line === undefined) throw new Error(output.trim() || 'its client gave no answer')
  const { value } = JSON.parse(line.slice(ANSWER.length)) as { value?: unknown }
  return { value, output }
}

/** From where paths in an archive count: packed from above the folder, it is unpacked below itself. */
const startOf = (call: CacheCall): string =>
  call.name === 'restore' && !call.lookupOnly ? call.folder : dirname(call.folder)

/** Asks by a process for each call, which ends with the signal. */
export function askByProgram({ exec, runner, programUrl }: AskOptions): AskCache {
  return async (call, signal) => {
    signal.throwIfAborted()
    const env = {
      ...defined(runner),
      GITHUB_WORKSPACE: startOf(call),
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
}
