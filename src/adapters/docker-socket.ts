import { existsSync, readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
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
  try {
    // A user who has no home has no settings either.
    const folder = env.DOCKER_CONFIG || join(env.HOME ?? homedir(), '.docker')
    const config: unknown = JSON.parse(readFileSync(join(folder, 'config.json'), 'utf8'))
    const name = (config as { currentContext?: unknown }).currentContext
    return typeof name === 'string' && name !== '' ? name : 'default'
  } catch {
    return 'default'
  }
}

/** What stands for the daemon that the docker command would use: its address, or its context. */
export const daemonOf = (env: Environment): string =>
  env.DOCKER_HOST || `context ${dockerContext(env)}`

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
 * One call of the Engine API (https://docs.docker.com/reference/api/engine/) over a Unix socket, with
 * no version in the path, so that every daemon answers in its own. It speaks HTTP/1.0, whose answer
 * ends with the connection: loading node:http costs a fifth of Node's own start.
 */
export async function callSocket(socketPath: string, call: Call): Promise<SocketAnswer> {
  const { connect } = createRequire(import.meta.url)('node:net') as typeof import('node:net')
  return new Promise((resolve, reject) => {
    const { method, path, timeout = TIMEOUT } = call
    const chunks: Buffer[] = []
    const socket = connect({ path: socketPath })
    socket.setTimeout(timeout, () => socket.destroy(new Error(`no answer in ${timeout / 1000} s`)))
    socket.on('error', reject)
    socket.on('data', chunk => chunks.push(chunk))
    socket.on('end', () => {
      const answer = parseAnswer(Buffer.concat(chunks))
      if (answer) resolve(answer)
      else reject(new Error('the answer is cut off'))
    })
    socket.write(`${method} ${path} HTTP/1.0\r\nHost: docker\r\nContent-Length: 0\r\n\r\n`)
  })
}

const HEAD_END = '\r\n\r\n'

/** Status and body of an answer; undefined where it is not whole. */
function parseAnswer(bytes: Buffer): SocketAnswer | undefined {
  const end = bytes.indexOf(HEAD_END)
  if (end < 0) return undefined
  const head = bytes.subarray(0, end).toString('latin1')
  const status = /^HTTP\/1\.[01] (\d{3})/.exec(head)?.[1]
  const body = bytes.subarray(end + HEAD_END.length)
  const length = /^content-length: *(\d+)/im.exec(head)?.[1]
  if (status === undefined || (length !== undefined && Number(length) > body.length)) {
    return undefined
  }
  return { status: Number(status), body: body.toString() }
}
