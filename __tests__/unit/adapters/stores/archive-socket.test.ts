import { createServer, type RequestListener } from 'node:http'
import { join } from 'node:path'
import { describe, expect, it, onTestFinished } from 'vitest'
import { LoadInto, saveFrom } from '../../../../src/adapters/stores/archive-socket.js'
import { gate } from '../../../fixtures/fake-ports.js'
import { temporaryFolder } from '../../../fixtures/temporary-folder.js'

/** The path of a socket behind which this answers. */
async function daemonThat(answers: RequestListener): Promise<string> {
  const path = join(temporaryFolder(), 'docker.sock')
  const server = createServer(answers)
  await new Promise<void>(resolve => server.listen(path, resolve))
  onTestFinished(async () => {
    server.closeAllConnections()
    await new Promise(resolve => server.close(resolve))
  })
  return path
}

const LARGE = Buffer.alloc(3_000_000, 'archive')

describe('the archive of images', () => {
  it('comes from the daemon as it is', async () => {
    const asked: string[] = []
    const path = await daemonThat((request, response) => {
      asked.push(`${request.method} ${request.url}`)
      response.end(LARGE)
    })
    const pieces: Buffer[] = []
    await saveFrom(path, ['sha256:a', 'b&c'], piece => pieces.push(Buffer.from(piece)))
    expect(Buffer.concat(pieces).equals(LARGE)).toBe(true)
    expect(asked).toEqual(['GET /images/get?names=sha256%3Aa&names=b%26c'])
  })

  it('that the daemon does not give is told in its words, and gives no piece', async () => {
    const path = await daemonThat((_, response) => {
      response.writeHead(404).end('{"message":"No such image: b"}')
    })
    const pieces: Buffer[] = []
    const saved = saveFrom(path, ['b'], piece => pieces.push(piece))
    await expect(saved).rejects.toThrow(/^No such image: b$/)
    expect(pieces).toEqual([])
    const silent = await daemonThat((_, response) => void response.destroy())
    await expect(saveFrom(silent, ['b'], () => {})).rejects.toThrow('the daemon gave no archive')
    await expect(saveFrom('/none.sock', ['b'], () => {})).rejects.toThrow('ENOENT')
  })

  it('that is refused is not read any further', async () => {
    const path = await daemonThat((_, response) => void response.end(LARGE))
    let taken = 0
    const saved = saveFrom(path, ['a'], () => {
      taken += 1
      throw new Error('odd')
    })
    await expect(saved).rejects.toThrow('odd')
    expect(taken).toBe(1)
  })
})

describe('an archive that is loaded', () => {
  it('goes to the daemon as it is, and is over once the daemon has answered', async () => {
    const came: Buffer[] = []
    const path = await daemonThat(async (request, response) => {
      for await (const piece of request) came.push(piece)
      response.end(`{"stream":"Loaded image ID: ${request.url}"}\r\n`)
    })
    const target = new LoadInto(path)
    const memory = Buffer.from(LARGE)
    for (let at = 0; at < LARGE.length; at += 1_000_000) {
      LARGE.copy(memory, 0, at, at + 1_000_000)
      await target.write(memory.subarray(0, 1_000_000))
      memory.fill(0)
    }
    await target.write(Buffer.alloc(0))
    await target.end()
    expect(Buffer.concat(came).equals(LARGE)).toBe(true)
  })

  it.each([
    [
      'by an error among its events',
      200,
      '{"stream":"x"}\r\n{"errorDetail":{},"error":"no space"}\r\n'
    ],
    ['by a status', 500, '{"message":"no space"}']
  ])('fails where the daemon says so: %s', async (_, status, body) => {
    const path = await daemonThat((request, response) => {
      request.resume().on('end', () => response.writeHead(status).end(body))
    })
    const target = new LoadInto(path)
    await target.write(LARGE)
    await expect(target.end()).rejects.toThrow('no space')
  })

  it('fails where the daemon ends it, in its words where they have come', async () => {
    const path = await daemonThat((request, response) => {
      request.once('data', () => response.writeHead(500).end('{"message":"not now"}'))
    })
    const target = new LoadInto(path)
    const all = async () => {
      for (let piece = 0; piece < 1_000; piece += 1) await target.write(LARGE)
      await target.end()
    }
    await expect(all()).rejects.toThrow(/^(not now|the daemon broke off)$/)
  })

  it.each(['', '{"stream":"Loading layer"}\r\n'])(
    'fails where the daemon goes away after it has begun to answer: %j',
    async begin => {
      const path = await daemonThat((request, response) => {
        request.resume().on('end', () => {
          response.writeHead(200).flushHeaders()
          response.write(begin || '\n', () => response.socket?.destroy())
        })
      })
      const target = new LoadInto(path)
      await target.write(LARGE)
      await expect(target.end()).rejects.toThrow('the daemon broke off')
    }
  )

  it('has no end where it is broken off', async () => {
    const closed = gate<void>()
    let isEnded = false
    const path = await daemonThat((request, response) => {
      request.resume().on('end', () => {
        isEnded = true
      })
      response.on('close', () => closed.open())
    })
    const target = new LoadInto(path)
    await target.write(LARGE)
    target.abort()
    await closed.promise
    expect(isEnded).toBe(false)
  })
})
