import { execFileSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import { writeFileSync } from 'node:fs'
import { mkdir, readdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import fc from 'fast-check'
import { describe, expect, it, onTestFinished, vi } from 'vitest'
import { exec } from '../../../src/adapters/exec.js'
import { ChainError } from '../../../src/errors.js'
import type { Command, Exit, StreamOptions } from '../../../src/ports.js'
import { problemOf } from '../../../src/run/problem-of.js'
import { runModule } from '../../fixtures/child.js'
import { isAlive } from '../../fixtures/is-alive.js'
import { temporaryFolder, writeScript } from '../../fixtures/temporary-folder.js'

const ENV = { PATH: process.env.PATH ?? '' }

/** A builder that runs, its output so far, and a way to wait for some of it. */
function start(command: Partial<Command>, options: Partial<StreamOptions> = {}) {
  const pieces: Buffer[] = []
  const waiting: { text: string; resolve: () => void }[] = []
  const output = () => Buffer.concat(pieces).toString()
  const ended: Promise<Exit> = exec.stream(
    { tool: 'sh', args: [], cwd: '/', ...command },
    {
      env: ENV,
      onOutput: chunk => {
        pieces.push(Buffer.from(chunk))
        for (const each of waiting) if (output().includes(each.text)) each.resolve()
      },
      ...options
    }
  )
  const said = (text: string) =>
    new Promise<void>((resolve, reject) => {
      waiting.push({ text, resolve })
      if (output().includes(text)) resolve()
      ended.then(() => reject(new Error(`ended without ${text}: ${output()}`)), reject)
    })
  return { ended, output, said, bytes: () => Buffer.concat(pieces) }
}

/** A builder that is a script of /bin/sh. */
const shell = (script: string, options: Partial<StreamOptions> = {}) =>
  start({ args: ['-c', script] }, options)

async function run(script: string, options: Partial<StreamOptions> = {}) {
  const { ended, output } = shell(script, options)
  return { exit: await ended, output: output() }
}

async function failureOf(call: Promise<unknown>): Promise<ChainError> {
  const error = await call.catch((thrown: unknown) => thrown)
  if (error instanceof ChainError) return error
  throw new Error(`found ${String(error)}, expected a ChainError`)
}

const isGone = (pid: number) =>
  vi.waitFor(() => expect(isAlive(pid)).toBe(false), { timeout: 5_000 })

/** A number that a builder printed after a word, once it is there. */
async function numberAfter(word: string, child: ReturnType<typeof start>): Promise<number> {
  await child.said(`${word} `)
  await vi.waitFor(() => expect(child.output()).toMatch(new RegExp(`${word} \\d+\n`)), {
    timeout: 10_000
  })
  const pid = Number(new RegExp(`${word} (\\d+)\n`).exec(child.output())?.[1])
  onTestFinished(() => {
    if (isAlive(pid)) process.kill(pid, 'SIGKILL')
  })
  return pid
}

describe('a builder', () => {
  it.each([0, 1, 7, 127, 255])('gives its exit status: %i', async status => {
    expect((await run(`exit ${status}`)).exit.status).toBe(status)
  })

  it('that a signal ended has a status that is no success', async () => {
    expect((await run('kill -KILL $$')).exit.status).toBeGreaterThan(0)
  })

  it('streams what it prints while it runs', async () => {
    const folder = temporaryFolder()
    const fifo = join(folder, 'go')
    execFileSync('mkfifo', [fifo])
    const { ended, output, said } = shell(`echo one; read word <'${fifo}'; echo "$word"`)
    await said('one\n')
    await writeFile(fifo, 'two\n')
    expect(await ended).toMatchObject({ status: 0 })
    expect(output()).toBe('one\ntwo\n')
  })

  it('has standard output and standard error in the order in which it wrote them', async () => {
    const { output } = await run('for n in 1 2 3 4 5; do echo out$n; echo err$n >&2; done')
    const lines = [1, 2, 3, 4, 5].flatMap(n => [`out${n}`, `err${n}`])
    expect(output).toBe(`${lines.join('\n')}\n`)
  })

  it('prints any bytes, and much of them', async () => {
    const file = join(temporaryFolder(), 'bytes')
    const bytes = Buffer.alloc(
      5_000_000,
      Uint8Array.from({ length: 257 }, (_, at) => at & 0xff)
    )
    writeFileSync(file, bytes)
    const child = shell(`cat '${file}'`)
    await child.ended
    const hash = (data: Buffer) => createHash('sha256').update(data).digest('hex')
    expect(hash(child.bytes())).toBe(hash(bytes))
  })

  it('fails where its output cannot be taken', async () => {
    const onOutput = () => {
      throw new Error('disk full')
    }
    await expect(run('echo x', { onOutput })).rejects.toThrow('disk full')
  })

  it('has nothing to read', async () => {
    expect(await run('cat; echo end')).toMatchObject({ exit: { status: 0 }, output: 'end\n' })
  })

  it('has the environment that it is given, and no other', async () => {
    vi.stubEnv('SECRET_OF_OURS', 'x')
    onTestFinished(() => void vi.unstubAllEnvs())
    const { output } = await run('env', { env: { ...ENV, GIVEN: 'a b\nc' } })
    expect(output).toContain('GIVEN=a b\nc\n')
    expect(output).not.toContain('SECRET_OF_OURS')
  })

  it('runs in its folder, whatever that is called', async () => {
    const cwd = temporaryFolder('it\'s "my" $HOME `id` \\ folder ')
    const { ended, output } = start({ tool: 'pwd', cwd })
    await ended
    expect(output()).toBe(`${cwd}\n`)
  })

  it('may lie in a folder of any name, and be called by its path', async () => {
    const folder = temporaryFolder('it\'s "my" $HOME `id` \\ folder ')
    const tool = writeScript(join(folder, 'a tool'), 'echo found "$1"')
    const { ended, output } = start({ tool, args: ['me'] })
    expect(await ended).toMatchObject({ status: 0 })
    expect(output()).toBe('found me\n')
  })

  it('is looked for in the search path that it is given', async () => {
    const folder = temporaryFolder('other path ')
    writeScript(join(folder, 'my-tool'), 'echo mine')
    const { ended, output } = start({ tool: 'my-tool' }, { env: { PATH: `${folder}:${ENV.PATH}` } })
    await ended
    expect(output()).toBe('mine\n')
  })

  it('gets every word as it is, whatever is in it', async () => {
    const word = fc.string({ unit: fc.constantFrom(...'ab \'"\\$`*?~#;&|<>()\n\t=-%!é🐳') })
    await fc.assert(
      fc.asyncProperty(fc.array(word, { maxLength: 5 }), async words => {
        const { ended, output } = start({ tool: 'printf', args: ['%s\\0', ...words, 'end'] })
        await ended
        expect(output()).toBe(`${[...words, 'end'].join('\0')}\0`)
      }),
      { numRuns: 30 }
    )
  })

  it('leads a process group of its own, so that the terminal sends it no signal', async () => {
    const child = shell('echo pid $$; cut -d" " -f5 /proc/$$/stat | sed "s/^/group /"')
    await child.ended
    const pid = await numberAfter('pid', child).catch(() => 0)
    expect(child.output()).toBe(`pid ${pid}\ngroup ${pid}\n`)
  })

  it('leaves nothing in the folder for temporary files', async () => {
    const folder = temporaryFolder()
    vi.stubEnv('TMPDIR', folder)
    onTestFinished(() => void vi.unstubAllEnvs())
    await run('echo x')
    const onOutput = () => {
      throw new Error('x')
    }
    await expect(run('echo x', { onOutput })).rejects.toThrow()
    expect(await readdir(folder)).toEqual([])
  })
})

describe('a named pipe', () => {
  it.each([
    ['that cannot be made', 'exit 1', /named pipe could be made/],
    ['that is not there', 'exit 0', /named pipe could be made.*ENOENT/],
    ['that a terminal interrupts', 'kill -INT $$; exit 1', /named pipe could be made/]
  ])('%s is a failure of an image, which ends no run', async (_, script, message) => {
    const folder = temporaryFolder()
    writeScript(join(folder, 'mkfifo'), script)
    vi.stubEnv('PATH', `${folder}:${ENV.PATH}`)
    onTestFinished(() => void vi.unstubAllEnvs())
    const failure = await run('sleep 1000').catch(problemOf)
    expect(failure).toMatch(message)
  })
})

describe('a program that is missing', () => {
  it('is TOOL_MISSING, with what to do', async () => {
    const error = await failureOf(start({ tool: 'no-such-tool-here' }).ended)
    expect(error).toMatchObject({
      code: 'TOOL_MISSING',
      message: 'no-such-tool-here is not on PATH',
      hint: expect.stringContaining('Install no-such-tool-here')
    })
  })

  it('is no success where it is called by its path', async () => {
    const { ended, output } = start({ tool: '/no/such/tool' })
    const outcome = await ended.catch((error: unknown) => error)
    if (outcome instanceof Error) expect(outcome).toBeInstanceOf(ChainError)
    else {
      expect((outcome as Exit).status).toBeGreaterThan(0)
      expect(output()).toContain('/no/such/tool')
    }
  })

  it('is TOOL_MISSING where it cannot be started, such as a script without its interpreter', async () => {
    const path = join(temporaryFolder(), 'tool')
    await writeFile(path, '#!/no/such/interpreter\n', { mode: 0o755 })
    const error = await failureOf(exec.capture(path, []))
    expect(error.code).toBe('TOOL_MISSING')
    expect(error.message).toContain(`${path} cannot be started: `)
  })

  it('is told apart from a folder to run in that is missing', async () => {
    const error = await failureOf(start({ tool: 'true', cwd: '/no/such/folder' }).ended)
    expect(error.code).not.toBe('TOOL_MISSING')
    expect(`${error.where?.file} ${error.message}`).toContain('/no/such/folder')
  })
})

describe('a word that no program can be given', () => {
  it.each([
    ['a NUL', "'a\\0b'"],
    ['more than the machine takes', "'x'.repeat(200_000)"],
    ['more words than it takes', "Array(20).fill('x'.repeat(120_000))"]
  ])('is an error, and no crash: %s', async (_, word) => {
    const call = (start: string) => `await ${start}.then(
      () => console.log('no error'),
      error => console.log(error.name, error.code)
    )`
    const { stdout, stderr } = await runModule(`
import { exec } from './src/adapters/exec.ts'
const env = { PATH: process.env.PATH }
const word = ${word}
${call("exec.stream({ tool: 'echo', args: [word].flat(), cwd: '/' }, { env, onOutput: () => {} })")}
${call("exec.capture('echo', [word].flat(), { env })")}`)
    expect(stderr.toString()).toBe('')
    expect(stdout.toString()).toMatch(/^ChainError [A-Z_]+\nChainError [A-Z_]+\n$/)
  })
})

describe('an abort', () => {
  it('asks the builder to end, and takes its exit status', async () => {
    const controller = new AbortController()
    const child = shell(`trap 'echo bye; exit 3' TERM; echo ready; sleep 1000 & wait`, {
      signal: controller.signal
    })
    await child.said('ready')
    controller.abort()
    expect((await child.ended).status).toBe(3)
    expect(child.output()).toContain('bye')
  })

  it('comes once: a second signal would cut off what the builder tidies up', async () => {
    const controller = new AbortController()
    const child = shell(
      `n=0; trap 'n=$((n+1)); echo told $n' TERM; echo ready; sleep 1000 & wait; sleep 0.2 & wait; exit 5`,
      { signal: controller.signal }
    )
    await child.said('ready')
    controller.abort()
    await child.ended
    expect(child.output().match(/told/g)).toHaveLength(1)
  })

  it('kills a builder that does not heed it, after the grace', async () => {
    const controller = new AbortController()
    const child = shell(
      `trap 'echo heard' TERM; echo pid $$; while :; do sleep 1000 & wait; done`,
      {
        signal: controller.signal,
        grace: 1_000
      }
    )
    const pid = await numberAfter('pid', child)
    controller.abort()
    expect((await child.ended).status).toBeGreaterThan(0)
    expect(child.output()).toContain('heard')
    await isGone(pid)
  })

  it('asks the whole group to end: grandchildren too', async () => {
    const controller = new AbortController()
    const grandchild = `trap "echo heard; exit" TERM; echo grandchild $$; while :; do sleep 1000 & wait; done`
    const child = shell(`sh -c '${grandchild}' & wait`, { signal: controller.signal })
    const pid = await numberAfter('grandchild', child)
    controller.abort()
    await child.ended
    expect(child.output()).toContain('heard')
    await isGone(pid)
  })

  it.each([50, 500])(
    'kills a grandchild that does not heed it, although the builder has ended: grace %i',
    async grace => {
      const controller = new AbortController()
      const child = shell(
        `sh -c 'trap "" TERM; echo grandchild $$; while :; do sleep 1000; done' & wait`,
        { signal: controller.signal, grace }
      )
      const grandchild = await numberAfter('grandchild', child)
      controller.abort()
      await child.ended
      await isGone(grandchild)
    }
  )

  it('that came before the start leaves nothing running', async () => {
    const child = shell('echo pid $$; exec sleep 1000', { signal: AbortSignal.abort(), grace: 50 })
    expect((await child.ended).status).toBeGreaterThan(0)
    const pid = Number(/pid (\d+)/.exec(child.output())?.[1] ?? 0)
    if (pid > 0) await isGone(pid)
  })

  it('after the end does nothing', async () => {
    const controller = new AbortController()
    const { exit } = await run('exit 4', { signal: controller.signal })
    controller.abort()
    expect(exit.status).toBe(4)
  })
})

describe('a grandchild that outlives the builder', () => {
  it('does not hold the call, although it holds the output', async () => {
    const child = shell('sleep 1000 & echo grandchild $!; exit 6')
    expect((await child.ended).status).toBe(6)
    const grandchild = await numberAfter('grandchild', child)
    expect(isAlive(grandchild)).toBe(true)
  })

  it('loses nothing of what was printed before', async () => {
    const child = shell('sleep 1000 & echo grandchild $!; seq 1 100000; exit 0')
    await child.ended
    await numberAfter('grandchild', child)
    expect(child.output()).toMatch(/\n99999\n100000\n$/)
  })
})

describe('a short command', () => {
  it('gives its status and what it printed, each stream apart', async () => {
    expect(await exec.capture('sh', ['-c', 'echo out; echo err >&2; exit 3'])).toMatchObject({
      status: 3,
      stdout: 'out\n',
      stderr: 'err\n'
    })
  })

  it('reads its input', async () => {
    const { stdout } = await exec.capture('cat', [], { input: 'é\n' })
    expect(stdout).toBe('é\n')
  })

  it('runs in the folder and the environment that it is given', async () => {
    const cwd = temporaryFolder("it's a ")
    await mkdir(join(cwd, 'sub'))
    const options = { cwd, env: { ...ENV, GIVEN: 'x' } }
    expect((await exec.capture('ls', [], options)).stdout).toBe('sub\n')
    expect((await exec.capture('sh', ['-c', 'echo $GIVEN'], options)).stdout).toBe('x\n')
  })

  it('has our environment where none is given', async () => {
    vi.stubEnv('OURS', 'x')
    onTestFinished(() => void vi.unstubAllEnvs())
    expect((await exec.capture('sh', ['-c', 'echo $OURS'])).stdout).toBe('x\n')
  })

  it('gets every word as it is, and prints characters whole', async () => {
    const words = ["it's", 'a "b"', '$HOME', '\\', '', 'é🐳'.repeat(10_000)]
    const { stdout } = await exec.capture('printf', ['%s\\0', ...words])
    expect(stdout.split('\0').slice(0, -1)).toEqual(words)
  })

  it('prints nothing of its own', async () => {
    const write = vi.spyOn(process.stdout, 'write')
    onTestFinished(() => write.mockRestore())
    await exec.capture('echo', ['x'])
    expect(write).not.toHaveBeenCalled()
  })

  it('may be called by its path', async () => {
    const tool = writeScript(join(temporaryFolder('a b '), 'tool'), 'echo found')
    expect((await exec.capture(tool, [])).stdout).toBe('found\n')
  })

  it('that is missing is TOOL_MISSING', async () => {
    expect((await failureOf(exec.capture('no-such-tool-here', []))).code).toBe('TOOL_MISSING')
    const env = { PATH: temporaryFolder() }
    expect((await failureOf(exec.capture('sh', [], { env }))).code).toBe('TOOL_MISSING')
  })

  it('is ended after its time, and the call fails', async () => {
    await expect(exec.capture('sleep', ['3'], { timeout: 50 })).rejects.toThrow()
  })

  it('does not wait for a grandchild that holds its output', async () => {
    const { stdout } = await exec.capture('sh', ['-c', 'sleep 1000 & echo $!'])
    const pid = Number(stdout)
    onTestFinished(() => {
      process.kill(pid, 'SIGKILL')
    })
    expect(isAlive(pid)).toBe(true)
  })
})

describe('which', () => {
  it('finds a program on PATH, or does not', () => {
    expect(exec.which('sh')).toMatch(/\/sh$/)
    expect(exec.which('no-such-tool-here')).toBeUndefined()
  })
})
