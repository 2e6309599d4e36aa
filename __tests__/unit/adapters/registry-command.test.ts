import { describe, expect, it } from 'vitest'
import { commandRegistry } from '../../../src/adapters/registry-command.js'
import { scriptedExec } from '../../fixtures/fake-ports.js'

interface Answer {
  readonly status: number
  readonly text: string
}

const DIGEST = `sha256:${'1'.repeat(64)}`
const CONFIG = `sha256:${'2'.repeat(64)}`

const CHILD = { Descriptor: { digest: DIGEST }, SchemaV2Manifest: { config: { digest: CONFIG } } }

/** A docker that answers as the test says: by the last word of a look, or what it says of registries. */
function docker(answers: Readonly<Record<string, Answer>>, registries = '{}') {
  const exec = scriptedExec(async ({ command, options }) => {
    const [verb] = command.args
    const answer =
      verb === 'info'
        ? { status: 0, text: registries }
        : (answers[command.args.at(-1) ?? ''] ?? { status: 1, text: 'no such manifest: it\n' })
    await options.onOutput(Buffer.from(answer.text))
    return { status: answer.status }
  })
  const registry = commandRegistry(exec, { PATH: '/bin', HOME: '/home/me' })
  const calls = () => exec.calls.map(({ command }) => command.args.join(' '))
  return { registry, exec, calls }
}

const good = (value: unknown): Answer => ({ status: 0, text: JSON.stringify(value, null, '\t') })
const look = (candidates: readonly string[] = []) => ({
  candidates,
  signal: new AbortController().signal
})

describe('a look at a registry', () => {
  it('gives the digest and the configuration of an image, by the docker command and its login', async () => {
    const { registry, exec, calls } = docker({ 'r.example/a:1': good(CHILD) })
    expect(await registry.find('r.example/a:1', look())).toEqual({ digest: DIGEST, config: CONFIG })
    expect(calls().at(-1)).toBe('manifest inspect --verbose r.example/a:1')
    expect(exec.calls.at(-1)?.options.env).toEqual({ PATH: '/bin', HOME: '/home/me' })
  })

  it('reads an OCI manifest as well, and what stands behind a warning', async () => {
    const { Descriptor, SchemaV2Manifest } = CHILD
    const { text } = good({ Descriptor, OCIManifest: SchemaV2Manifest })
    const { registry } = docker({ a: { status: 0, text: `WARNING: [old]\n${text}` } })
    expect(await registry.find('a', look())).toEqual({ digest: DIGEST, config: CONFIG })
  })

  it('goes without TLS where the daemon does', async () => {
    const registries = JSON.stringify({ IndexConfigs: { 'r.example': { Secure: false } } })
    const { registry, calls } = docker({ 'r.example/a:1': good(CHILD) }, registries)
    await registry.find('r.example/a:1', look())
    expect(calls().at(-1)).toBe('manifest inspect --verbose --insecure r.example/a:1')
  })

  it('knows an index by its parts, as that of a digest', async () => {
    const index = good([CHILD, { Descriptor: { digest: CONFIG } }])
    const other = good([CHILD])
    const { registry } = docker({
      'r.example:5/a:1': index,
      'r.example:5/a@sha256:other': other,
      'r.example:5/a@sha256:same': index
    })
    const candidates = ['sha256:none', 'sha256:other', 'sha256:same']
    const found = await registry.find('r.example:5/a:1', look(candidates))
    expect(found).toEqual({ digest: 'sha256:same', config: undefined })
    const unknown = await registry.find('r.example:5/a:1', look(['sha256:other']))
    expect(unknown).toEqual({ digest: undefined, config: undefined })
  })

  it('says in words what docker says where there is nothing to see', async () => {
    const { registry } = docker({ b: { status: 1, text: 'x\ndenied: no\n' } })
    expect(await registry.find('a', look())).toBe('no such manifest: it')
    expect(await registry.find('b', look())).toBe('denied: no')
  })

  it.each(['', 'no JSON', '{', '{}', '{"Descriptor":null}', '7'])(
    'says so where docker prints %j',
    async text => {
      const { registry } = docker({ a: { status: 0, text } })
      expect(await registry.find('a', look())).toBe('docker tells no digest')
    }
  )

  it('ends when it is interrupted', async () => {
    const interrupt = new AbortController()
    const exec = scriptedExec(() => {
      interrupt.abort()
      return { status: 143 }
    })
    const { signal } = interrupt
    const found = await commandRegistry(exec, {}).find('a', { candidates: [], signal })
    expect(found).toBe('interrupted')
    expect(exec.calls).toHaveLength(1)
  })

  it('says so where there is no docker', async () => {
    const exec = scriptedExec(() => {
      throw new Error('docker is not on PATH')
    })
    expect(await commandRegistry(exec, {}).find('a', look())).toBe('docker is not on PATH')
  })
})

describe('a push', () => {
  it('is docker push, its output streamed, ended by the signal', async () => {
    const { registry, exec } = docker({ 'a:1': { status: 3, text: 'Pushed\n' } })
    const { signal } = new AbortController()
    const said: string[] = []
    const onOutput = (chunk: Buffer) => void said.push(chunk.toString())
    expect(await registry.push('a:1', { onOutput, signal })).toEqual({ status: 3 })
    expect(said).toEqual(['Pushed\n'])
    const [call] = exec.calls
    expect(call?.command).toEqual(registry.pushCommand('a:1'))
    expect(call?.command.args).toEqual(['push', 'a:1'])
    expect(call?.options.signal).toBe(signal)
    expect(call?.options.env).toEqual({ PATH: '/bin', HOME: '/home/me' })
  })
})
