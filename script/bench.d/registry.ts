import { spawn } from 'node:child_process'
import { mkdirSync, rmSync } from 'node:fs'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import { write } from './family.js'
import { plainEnvironment } from './run.js'

/** Debian's docker-registry, on this machine. */
export interface Registry {
  /** `127.0.0.1:PORT`, as references begin. */
  readonly host: string
  /** Forgets all that was pushed. */
  readonly empty: () => void
  readonly stop: () => void
}

async function freePort(): Promise<number> {
  const server = createServer()
  await new Promise<void>(done => server.listen(0, '127.0.0.1', done))
  const { port } = server.address() as AddressInfo
  await new Promise(done => server.close(done))
  return port
}

const config = (port: number, storage: string) => `version: 0.1
log: { level: error, accesslog: { disabled: true } }
storage: { filesystem: { rootdirectory: ${JSON.stringify(storage)} }, delete: { enabled: true } }
http: { addr: '127.0.0.1:${port}', relativeurls: true }
`

/** Times that it is asked whether it is there, fifty milliseconds apart. */
const TRIES = 200

/**
 * Starts a registry.
 * @param folder for its settings and for what is pushed
 * @throws Error where there is no docker-registry
 */
export async function startRegistry(folder: string): Promise<Registry> {
  const [port, storage] = [await freePort(), join(folder, 'storage')]
  const file = join(folder, 'registry.yml')
  write(file, config(port, storage))
  const env = plainEnvironment()
  const child = spawn('docker-registry', ['serve', file], { stdio: 'ignore', env })
  let problem: Error | undefined
  child.once('error', error => {
    problem = error
  })
  const stop = () => void child.kill()
  process.once('exit', stop)
  for (let tries = 0; tries < TRIES; tries += 1) {
    if (problem) throw problem
    const answers = await fetch(`http://127.0.0.1:${port}/v2/`).then(
      ({ ok }) => ok,
      () => false
    )
    const empty = () => {
      rmSync(storage, { recursive: true, force: true })
      mkdirSync(storage)
    }
    if (answers) return { host: `127.0.0.1:${port}`, empty, stop }
    await pause(50)
  }
  stop()
  throw new Error('docker-registry does not answer')
}
