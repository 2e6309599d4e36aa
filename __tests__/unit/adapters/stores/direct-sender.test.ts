import { createServer, type RequestListener, type Server } from 'node:http'
import {
  type AddressInfo,
  createServer as createTcpServer,
  type Server as TcpServer
} from 'node:net'
import type { Readable } from 'node:stream'
import { describe, expect, it, onTestFinished, vi } from 'vitest'
import { openDirectSender } from '../../../../src/adapters/stores/direct-sender.js'
import { HttpCalls } from '../../../../src/adapters/stores/http-calls.js'
import { LIMITS } from '../../../../src/adapters/stores/http-sender.js'
import { startTlsFront } from '../../../fixtures/modern-proxy.js'
import { temporaryFolder } from '../../../fixtures/temporary-folder.js'

async function portOf(server: Server | TcpServer): Promise<number> {
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve))
  onTestFinished(() => void server.close())
  return (server.address() as AddressInfo).port
}

async function addressOf(listener: RequestListener): Promise<URL> {
  const server = createServer(listener)
  onTestFinished(() => server.closeAllConnections())
  return new URL(`http://127.0.0.1:${await portOf(server)}/`)
}

async function open(url: URL, limits = LIMITS) {
  const sender = await openDirectSender(url, limits)
  onTestFinished(() => sender.close())
  return sender
}

const never = new AbortController().signal

async function textOf(body: Readable): Promise<string> {
  const pieces: Buffer[] = []
  for await (const piece of body) pieces.push(piece)
  return Buffer.concat(pieces).toString()
}

/** Has the time be over that the server of an answer may be silent. */
function beSilent(body: Readable): void {
  const { socket } = body as Readable & { readonly socket: NodeJS.EventEmitter }
  socket.emit('timeout')
}

describe('what sends without a proxy', () => {
  it('uses a connection again, but for what may be sent only once', async () => {
    const ports: (number | undefined)[] = []
    const url = await addressOf((request, response) => {
      ports.push(request.socket.remotePort)
      request.resume().on('end', () => response.end('good'))
    })
    const sender = await open(url)
    for (const isOnce of [false, false, true, true]) {
      const { body } = await sender.send({ method: 'POST', url, body: 'x', isOnce }, never)
      expect(await textOf(body)).toBe('good')
    }
    expect(ports[1]).toBe(ports[0])
    expect(new Set(ports).size).toBe(3)
  })

  it('sends pieces as one body, with its name and the headers that it is given', async () => {
    const url = await addressOf((request, response) => {
      const { 'content-length': length, 'user-agent': agent, other } = request.headers
      request.on('data', piece => response.write(piece))
      request.on('end', () => response.end(` ${length} ${agent} ${other}`))
    })
    const body = [Buffer.from('one, '), Buffer.from('two')]
    const headers = { 'content-length': '8', other: 'own' }
    const answer = await (await open(url)).send({ method: 'PUT', url, body, headers }, never)
    expect(await textOf(answer.body)).toBe('one, two 8 build-chain own')
  })

  it('gives up a server that does not answer', async () => {
    const url = await addressOf(() => {})
    const sent = (await open(url, { ...LIMITS, silence: 20 })).send({ method: 'GET', url }, never)
    await expect(sent).rejects.toThrow('nothing came within 0.02 s')
  })

  it('gives up a server that stops in its answer', async () => {
    const url = await addressOf((_, response) => void response.write('half'))
    const { body } = await (await open(url)).send({ method: 'GET', url }, never)
    const pieces = body[Symbol.asyncIterator]()
    expect(String((await pieces.next()).value)).toBe('half')
    beSilent(body)
    await expect(pieces.next()).rejects.toThrow()
  })

  it('waits for whoever reads an answer slowly', async () => {
    const text = 'x'.repeat(5_000_000)
    const url = await addressOf((_, response) => void response.end(text))
    const { body } = await (await open(url)).send({ method: 'GET', url }, never)
    await vi.waitFor(() => expect(body.readableLength).toBeGreaterThan(0))
    beSilent(body)
    beSilent(body)
    expect(await textOf(body)).toBe(text)
  })

  it('gives up a server that takes no connection', async () => {
    // It never answers what TLS begins with.
    const server = createTcpServer(socket => {
      onTestFinished(() => void socket.destroy())
      socket.resume()
    })
    const url = new URL(`https://127.0.0.1:${await portOf(server)}/`)
    const sender = await open(url, { ...LIMITS, connection: 20 })
    const sent = sender.send({ method: 'GET', url }, never)
    await expect(sent).rejects.toThrow('no connection within 0.02 s')
  })

  it('is told at once of a certificate that is not trusted', async () => {
    const plain = await addressOf((_, response) => void response.end())
    const front = await startTlsFront(Number(plain.port), 'localhost', temporaryFolder())
    onTestFinished(front.close)
    const calls = new HttpCalls(never, async () => expect.unreachable())
    const url = new URL(`https://localhost:${front.port}/`)
    await expect(calls.ask({ method: 'GET', url })).rejects.toThrow(/self-signed certificate/)
    calls.close()
  })
})
