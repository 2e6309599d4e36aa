import { spawnSync } from 'node:child_process'
import { appendFileSync, readFileSync } from 'node:fs'
import { constants } from 'node:os'
import { daemonMounts } from './adapters/daemon-mounts.js'
import { daemonSees } from './adapters/daemon-sight.js'
import type { RunSettings } from './adapters/daemon-view.js'
import { replaceMounts } from './builders/run-arguments.js'
import { ChainError, formatError } from './errors.js'

// Starts a container as `docker run` does, from within a container: Packer's docker calls it in docker's place.

/** What docker itself ends with where it cannot start a container. */
const CANNOT_RUN = 125

function refuse(error: unknown, { refusals }: RunSettings): number {
  if (!(error instanceof ChainError)) throw error
  appendFileSync(refusals, `${error.message}\n`)
  process.stderr.write(`build-chain: ${formatError(error)}\n`)
  return CANNOT_RUN
}

function run(settings: RunSettings, args: readonly string[]): number {
  const { docker, label } = settings
  const sees = (path: string) => daemonSees(docker, path)
  const mapped = replaceMounts(args, mount => daemonMounts(mount, { ...settings, sees }))
  const { status, signal, error } = spawnSync(docker, ['run', '--label', label, ...mapped], {
    stdio: 'inherit'
  })
  if (error) throw error
  return status ?? 128 + (signal ? constants.signals[signal] : 0)
}

const [settingsFile = '', ...args] = process.argv.slice(2)
const settings = JSON.parse(readFileSync(settingsFile, 'utf8')) as RunSettings
try {
  process.exitCode = run(settings, args)
} catch (error) {
  process.exitCode = refuse(error, settings)
}
