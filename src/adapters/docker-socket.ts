import { existsSync, readFileSync } from 'node:fs'
import { homedir } from 'node:os'
import { join } from 'node:path'

/** Answer of the daemon: the HTTP status and the whole body. */
export interface SocketAnswer {
  readonly status: number
  readonly body: string
}

const DEFAULT_SOCKET = '/var/run/docker.sock'

type Environment = Readonly<Record<string, string | undefined>>

/** Name of the Docker context in use, as the docker command finds it. */
export function dockerContext(env: Environment): string {
  if (env.DOCKER_HOST) return 'default'
  if (env.DOCKER_CONTEXT) return env.DOCKER_CONTEXT
  const folder = env.DOCKER_CONFIG ?? join(env.HOME ?? homedir(), '.docker')
  try {
    const config: unknown = JSON.parse(readFileSync(join(folder, 'config.json'), 'utf8'))
    const name = (config as { currentContext?: unknown }).currentContext
    return typeof name === 'string' && name !== '' ? name : 'default'
  } catch {
    return 'default'
  }
}

/** Path of the Unix socket that the docker command would use, or undefined where it uses another way. */
export function dockerSocket(env: Environment): string | undefined {
  const host = env.DOCKER_HOST
  if (host) return host.startsWith('unix://') ? host.slice('unix://'.length) : undefined
  if (dockerContext(env) !== 'default') return undefined
  return existsSync(DEFAULT_SOCKET) ? DEFAULT_SOCKET : undefined
}

interface Call {
  readonly method: 'GET' | 'POST' | 'DELETE'
  readonly path: string
  /** Milliseconds. */
  readonly timeout?: number
}

const TIMEOUT = 60_000

/**
 * One call of the Engine API (https://docs.docker.com/reference/api/engine/) over a Unix socket;
 * no version in the path, so that every daemon answers in its own.
 */
export async function callSocket(socketPath: string, call: Call): Promise<SocketAnswer> {
  const { request } = await import('node:http')
  return new Promise((resolve, reject) => {
    const { method, path, timeout = TIMEOUT } = call
    const req = request({ socketPath, method, path, timeout, agent: false }, res => {
      const chunks: Buffer[] = []
      res.on('data', chunk => chunks.push(chunk))
      res.on('error', reject)
      res.on('end', () =>
        resolve({ status: res.statusCode ?? 0, body: Buffer.concat(chunks).toString() })
      )
    })
    req.on('timeout', () => req.destroy(new Error(`no answer in ${timeout / 1000} s`)))
    req.on('error', reject)
    req.end()
  })
}
