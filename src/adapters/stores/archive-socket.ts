import { connect, type Socket } from 'node:net'

const HEAD_END = '\r\n\r\n'
const BROKEN_OFF = 'the daemon broke off'

/** Bytes that are read at a time. */
const PIECE = 1 << 18

const statusOf = (head: string) => Number(/^HTTP\/1\.[01] (\d{3})/.exec(head)?.[1] ?? 0)

const isOk = (head: string) => statusOf(head) >= 200 && statusOf(head) < 300

/** The message in what the daemon said: of one that failed, or of a stream of events in which one is an error. */
export function messageIn(body: string): string | undefined {
  for (const line of body.split(/\r?\n/)) {
    if (!line.startsWith('{')) continue
    try {
      const { message, error } = JSON.parse(line) as { message?: string; error?: string }
      if (message ?? error) return message ?? error
    } catch {
      // Half a line is no message.
    }
  }
  return undefined
}

/**
 * Reads the archive of images from the daemon: https://docs.docker.com/reference/api/engine/, `GET /images/get`.
 * It speaks HTTP/1.0, whose answer ends with the connection.
 * @param onPiece called with each piece, in memory that is used again
 */
export function saveFrom(
  path: string,
  ids: readonly string[],
  onPiece: (piece: Buffer) => void
): Promise<void> {
  return new Promise((resolve, reject) => {
    const buffer = Buffer.allocUnsafeSlow(PIECE)
    let head: string | undefined
    let text = ''
    const take = (bytes: Buffer) => {
      if (head !== undefined && isOk(head)) return onPiece(bytes)
      text += bytes.toString('latin1')
      const end = text.indexOf(HEAD_END)
      if (head !== undefined || end < 0) return
      head = text.slice(0, end)
      text = text.slice(end + HEAD_END.length)
      if (isOk(head) && text !== '') onPiece(Buffer.from(text, 'latin1'))
    }
    const callback = (length: number) => {
      try {
        take(buffer.subarray(0, length))
      } catch (failure) {
        reject(failure)
        socket.destroy()
      }
      return true
    }
    const socket = connect({ path, onread: { buffer, callback } })
    socket.on('error', reject)
    socket.on('close', () => {
      if (head !== undefined && isOk(head)) resolve()
      else reject(new Error(messageIn(text) ?? 'the daemon gave no archive'))
    })
    const query = ids.map(id => `names=${encodeURIComponent(id)}`).join('&')
    socket.write(`GET /images/get?${query} HTTP/1.0\r\nHost: docker${HEAD_END}`)
  })
}

/** An archive that goes to the daemon: nothing of it counts before it is ended. */
export class LoadInto {
  readonly #socket: Socket
  readonly #answer: Promise<string>

  /** @param path of the daemon's socket */
  constructor(path: string) {
    this.#socket = connect({ path })
    this.#answer = new Promise((resolve, reject) => {
      let text = ''
      this.#socket.on('data', bytes => {
        text += bytes.toString()
      })
      // Whoever answers before the end of the archive may close while it is still being written.
      this.#socket.on('error', (failure: NodeJS.ErrnoException) => {
        if (text !== '') resolve(text)
        else reject(failure.code === 'EPIPE' ? new Error(BROKEN_OFF) : failure)
      })
      this.#socket.on('close', () => resolve(text))
    })
    this.#answer.catch(() => {})
    const head = [
      'POST /images/load?quiet=1 HTTP/1.1',
      'Host: docker',
      'Content-Type: application/x-tar',
      'Transfer-Encoding: chunked',
      'Connection: close'
    ]
    this.#socket.write(head.join('\r\n') + HEAD_END)
  }

  /** Sends a piece; resolves once its memory may be used again. */
  async write(piece: Buffer): Promise<void> {
    if (piece.length === 0) return
    const socket = this.#socket
    socket.cork()
    socket.write(`${piece.length.toString(16)}\r\n`)
    socket.write(piece)
    const written = new Promise<void>(resolve => socket.write('\r\n', () => resolve()))
    socket.uncork()
    const answer = await Promise.race([written, this.#answer])
    if (answer !== undefined) throw new Error(messageIn(answer) ?? BROKEN_OFF)
  }

  /** Ends the archive, and fails where the daemon does not take it. */
  async end(): Promise<void> {
    this.#socket.write(`0${HEAD_END}`)
    const answer = await this.#answer
    const [head = '', ...rest] = answer.split(HEAD_END)
    const body = rest.join(HEAD_END)
    const message = messageIn(body)
    if (message !== undefined) throw new Error(message)
    const isWhole = !/^transfer-encoding: *chunked/im.test(head) || body.endsWith(`0${HEAD_END}`)
    if (!isOk(head) || !isWhole) throw new Error(BROKEN_OFF)
  }

  /** Breaks it off, which is no end of an archive. */
  abort(): void {
    this.#socket.destroy()
  }
}
