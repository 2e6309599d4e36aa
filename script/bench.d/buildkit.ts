import { spawn } from 'node:child_process'
import { join } from 'node:path'
import type { Bench } from './bench.js'
import { type Call, output, plainEnvironment, timed } from './run.js'

/** A BuildKit with the buildx that speaks to it. */
export interface BuildKit {
  /** A call of buildx. */
  readonly buildx: (...args: readonly string[]) => Call
  readonly stop: () => Promise<void>
}

/** Milliseconds that it may take to start. */
const PATIENCE = 30_000

/**
 * Starts a BuildKit that is no daemon's, and a builder of buildx on it.
 * @param programs the folder of buildx and buildkitd
 * @throws Error where it does not start
 */
export async function startBuildKit(bench: Bench, programs: string): Promise<BuildKit> {
  const home = bench.folder('buildkit')
  const address = `unix://${join(home, 'socket')}`
  const args = [
    ...['--addr', address, '--root', join(home, 'root'), '--containerd-worker=false'],
    ...['--oci-worker-snapshotter=native', '--oci-worker-net=host']
  ]
  const child = spawn(join(programs, 'buildkitd'), args, {
    env: plainEnvironment(),
    stdio: ['ignore', 'ignore', 'pipe']
  })
  const ended = new Promise<void>(done => child.once('exit', () => done()))
  process.once('exit', () => child.kill())
  let said = ''
  await new Promise<void>((ready, fail) => {
    const timer = setTimeout(() => fail(new Error('buildkitd does not start')), PATIENCE)
    child.once('error', fail)
    child.once('exit', status => fail(new Error(`buildkitd ended with ${status}: ${said}`)))
    child.stderr.on('data', chunk => {
      said = `${said}${chunk}`.slice(-4000)
      if (!said.includes('running server')) return
      clearTimeout(timer)
      ready()
    })
  })
  const env = { BUILDX_CONFIG: join(home, 'buildx') }
  const buildx = (...words: readonly string[]): Call => ({
    program: join(programs, 'buildx'),
    args: words,
    env
  })
  await output(buildx('create', '--name', 'bench', '--driver', 'remote', address))
  const stop = async () => {
    await timed(buildx('rm', '--all-inactive', '--force')).catch(() => 0)
    child.kill()
    await ended
  }
  return { buildx, stop }
}
