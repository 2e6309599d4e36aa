import { describe, expect, it } from 'vitest'
import type { TemplateBuilder } from '../../../src/builders/template.js'
import type { FoundTemplate } from '../../../src/commands/find-template.js'
import { type LivePorts, type LiveRequest, live } from '../../../src/commands/live.js'
import type { Command, Output } from '../../../src/ports.js'
import {
  type Behaviour,
  MemoryEngine,
  memoryFiles,
  scriptedExec
} from '../../fixtures/fake-ports.js'
import { dockerBuilder, readJson } from '../builders/template-support.js'

const ID = 'd'.repeat(64)

const PROVISIONERS = [
  { type: 'file', source: 'data', destination: '/srv/' },
  { type: 'shell', script: 'two.sh' },
  { type: 'ansible-local', playbook_file: 'p.yml' },
  { type: 'shell', inline: ['four'], skip_clean: true }
]

interface Given {
  readonly request?: Partial<LiveRequest>
  readonly status?: number
  /** Exit status of the script whose path is in the words. */
  readonly script?: (words: string) => number
  readonly running?: string
  readonly abortIn?: string
}

async function start({ request, status = 0, script, running = 'true', abortIn }: Given = {}) {
  const { builders } = await readJson({
    builders: [dockerBuilder({ run_command: ['-d', '{{.Image}}'] })],
    provisioners: PROVISIONERS
  })
  const template: FoundTemplate = {
    file: '/project/t.json',
    workingDirectory: '/project',
    builder: builders[0] as TemplateBuilder,
    buildName: 'docker',
    tags: [],
    others: [],
    secrets: []
  }
  const done: string[] = []
  const interrupt = new AbortController()
  const note = ({ tool, args }: Pick<Command, 'tool' | 'args'>) => {
    const words = [tool, ...args].join(' ').replaceAll(ID, 'ID')
    done.push(words)
    if (abortIn && words.includes(abortIn)) interrupt.abort()
    return words
  }
  const behaviour: Behaviour = ({ command, options }) => {
    const words = note(command)
    if (command.args[0] === 'run') options.onOutput(Buffer.from(`${ID}\n`))
    return { status: script?.(words) ?? 0 }
  }
  const capture = async (tool: string, args: readonly string[]): Promise<Output> => {
    const words = note({ tool, args })
    const stdout = words.includes('inspect')
      ? `${running} /live app\n`
      : words.includes('bash')
        ? 'bash\n'
        : ''
    return { status: 0, stdout, stderr: words.includes('logs') ? 'no such file' : '' }
  }
  const engine = new MemoryEngine()
  const remembered: string[] = []
  const printed: string[] = []
  const said: string[] = []
  const ports: LivePorts = {
    exec: { ...scriptedExec(behaviour), capture },
    engine,
    terminal: {
      isTerminal: true,
      run: async command => {
        note(command)
        return { status }
      }
    },
    files: memoryFiles({ '/project/data': 'x', '/project/two.sh': 'a\r\nb\r\n' }),
    scratch: async text => `/scratch/${JSON.stringify(text)}`,
    env: {},
    signal: interrupt.signal,
    say: line => void said.push(line),
    show: () => {},
    remember: ({ id }) => void remembered.push(`+${id[0]}`),
    forget: ({ id }) => void remembered.push(`-${id[0]}`),
    print: line => void printed.push(line)
  }
  const asked: LiveRequest = {
    name: 'live',
    label: 'run=1',
    extra: [],
    provision: false,
    command: [],
    keep: false,
    detach: false,
    ...request
  }
  const ended = await live(template, asked, ports).catch((error: unknown) => error)
  return { ended, done, engine, remembered, printed, said }
}

const has = (done: readonly string[], text: string) => done.some(words => words.includes(text))

describe('live', () => {
  it('uploads what the provisioners need, opens the best shell, and ends as it ends', async () => {
    const { ended, done, engine, remembered } = await start({ status: 9 })
    expect(ended).toBe(9)
    expect(done[0]).toContain('run --name live --label run=1')
    expect(done).toContain('docker cp -L /project/data ID:/srv/data')
    expect(done).toContain('docker cp -L /scratch/"a\\nb\\n" ID:/tmp/script_2.sh')
    expect(done).toContain('docker exec --user root ID /bin/sh -c chown -R app /srv/data')
    expect(has(done, '; ')).toBe(true)
    expect(has(done, 'PACKER_BUILD_NAME')).toBe(false)
    expect(done.at(-1)).toBe('docker exec -it ID bash')
    expect(engine.removed).toEqual(['run=1'])
    expect(remembered).toEqual(['+d', '-d'])
  })

  it('runs the provisioners, and leaves out what only Packer can run', async () => {
    const { done, said } = await start({ request: { provision: true } })
    const ran = done.filter(words => words.includes('PACKER_BUILD_NAME'))
    expect(ran.map(words => /script_\d/.exec(words)?.[0])).toEqual(['script_2', 'script_4'])
    expect(said).toContain('left out: provisioner 3 (ansible-local), which only Packer can run')
    expect(done.filter(words => words.includes('rm -f'))).toHaveLength(1)
  })

  it('runs those up to the one that a word names', async () => {
    const ranBy = async (provision: string) =>
      (await start({ request: { provision } })).done.filter(words => words.includes('PACKER_'))
        .length
    expect(await ranBy('two.sh')).toBe(1)
    expect(await ranBy('4')).toBe(2)
    expect((await start({ request: { provision: 'five' } })).ended).toMatchObject({
      code: 'OPTIONS_INVALID',
      hint: 'The template has: 1 (file), 2 (two.sh), 3 (ansible-local), 4 (shell).'
    })
  })

  it('opens the shell where a provisioner failed, and runs no command and nothing after it', async () => {
    const script = (words: string) =>
      words.includes('script_2.sh') && words.includes('PACKER') ? 3 : 0
    const shell = await start({ request: { provision: true }, script })
    expect(shell.said.join('\n')).toContain('provisioner 2 (two.sh) ended with exit status 3')
    expect(shell.done.at(-1)).toContain('bash')
    expect(has(shell.done, 'script_4')).toBe(false)
    const command = await start({ request: { provision: true, command: ['ls'] }, script })
    expect(command.ended).toMatchObject({ code: 'BUILD_FAILED' })
    expect(command.engine.removed).toEqual(['run=1'])
  })

  it('leaves the container with keep and with detach, and tells how to enter it', async () => {
    const kept = await start({ request: { keep: true } })
    const detached = await start({ request: { detach: true } })
    for (const { engine, remembered, printed } of [kept, detached]) {
      expect(engine.removed).toEqual([])
      expect(remembered).toEqual(['+d'])
      expect(printed.slice(0, 2)).toEqual(['name: live', 'enter: docker exec -it live bash'])
    }
    expect(has(detached.done, 'exec -it')).toBe(false)
  })

  it('takes the container away when it is interrupted, kept or not', async () => {
    const { ended, engine } = await start({ request: { keep: true }, abortIn: 'exec -it' })
    expect(ended).toMatchObject({ code: 'INTERRUPTED' })
    expect(engine.removed).toContain('run=1')
  })

  it('tells what a container said that ended at once', async () => {
    const { ended, engine } = await start({ running: 'false' })
    expect(ended).toMatchObject({ code: 'BUILD_FAILED', hint: 'no such file' })
    expect(engine.removed).toEqual(['run=1'])
  })
})
