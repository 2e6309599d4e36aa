import { spawn } from 'node:child_process'
import { constants } from 'node:os'
import type { Command, Exit, StreamOptions, Terminal } from '../ports.js'
import { missingTool } from './run-tool.js'
import { which } from './which.js'

/** Exit status of a shell for a program that a signal ended. */
const SIGNALLED = 128

function statusOf(code: number | null, signal: NodeJS.Signals | null): Exit {
  if (signal === null) return { status: code ?? 1 }
  return { status: SIGNALLED + constants.signals[signal], signal }
}

/** @actions/exec always takes the output for itself, so the program is started by Node here. */
function run({ tool, args, cwd }: Command, { env }: Pick<StreamOptions, 'env'>): Promise<Exit> {
  const path = tool.includes('/') ? tool : which(tool, env.PATH)
  if (!path) return Promise.reject(missingTool(tool))
  return new Promise((resolve, reject) => {
    const child = spawn(path, [...args], { cwd, env: { ...env }, stdio: 'inherit' })
    child.on('error', reject)
    child.on('close', (code, signal) => resolve(statusOf(code, signal)))
  })
}

/** The terminal of this process. */
export function processTerminal(): Terminal {
  return { isTerminal: process.stdin.isTTY === true && process.stdout.isTTY === true, run }
}
