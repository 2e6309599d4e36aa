import { delimiter, resolve } from 'node:path'
import type { Exec } from '../ports.js'

type Environment = Readonly<Record<string, string>>

/** A Packer that somebody installed. */
export interface FoundPacker {
  readonly path: string
  /** Without the `v`. */
  readonly version: string
}

/** Milliseconds: a program of that name that is not Packer may wait for input forever. */
const TIMEOUT = 20_000

/**
 * The environment in which Packer is asked something: no news from the network, no log, and plugin
 * folders that hold from wherever it is asked.
 */
export function askingEnvironment(env: Environment): Record<string, string> {
  const { PACKER_LOG: _log, PACKER_LOG_PATH: _path, PACKER_PLUGIN_PATH: plugins, ...rest } = env
  return {
    ...rest,
    ...(plugins
      ? {
          PACKER_PLUGIN_PATH: plugins
            .split(delimiter)
            .map(path => resolve(path))
            .join(delimiter)
        }
      : {}),
    CHECKPOINT_DISABLE: '1',
    PACKER_NO_COLOR: '1'
  }
}

/** @param text printed by `packer version`: `Packer v1.14.2`, with more lines where it is out of date. */
export function parsePackerVersion(text: string): string | undefined {
  return /^Packer v(\d+\.\d+\.\d+(?:-[\w.]+)?)/m.exec(text)?.[1]
}

/**
 * The Packer on PATH with its version; undefined where there is none, or where the program of that
 * name is another one (some systems have cracklib's).
 */
export async function findPacker(exec: Exec, env: Environment): Promise<FoundPacker | undefined> {
  const path = exec.which('packer')
  if (!path) return undefined
  const options = { env: askingEnvironment(env), timeout: TIMEOUT }
  const output = await exec.capture(path, ['version'], options).catch(() => undefined)
  const version = output?.status === 0 ? parsePackerVersion(output.stdout) : undefined
  return version === undefined ? undefined : { path, version }
}
