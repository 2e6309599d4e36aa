import { execFileSync, spawn, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { dockerShim } from '../../../src/builders/docker-shim.js'
import { temporaryFolder, writeScript } from '../../fixtures/temporary-folder.js'

const LABEL = 'io.example.run=0123abcd'

/** A stand-in docker that writes down its words, each with a NUL after it, and then does more. */
const recorder = (calls: string, more = '') =>
  `for word; do printf '%s\\0' "$word"; done >>'${calls.replaceAll("'", `'\\''`)}'\n${more}`

interface Setting {
  readonly bases?: readonly string[]
  readonly label?: string
  /** Begins the name of the folder that all lies in. */
  readonly prefix?: string
  readonly setsid?: string
  /** What the stand-in does after it has written down its words. */
  readonly more?: string
}

/** A shim beside a stand-in docker; `call` runs it as Packer would. */
function shim({ bases = [], label = LABEL, prefix, more, setsid }: Setting = {}) {
  const folder = temporaryFolder(prefix)
  const calls = join(folder, 'calls')
  const docker = writeScript(join(folder, 'real docker'), recorder(calls, more))
  const basesFile = join(folder, 'bases of the chain')
  writeFileSync(basesFile, bases.map(base => `${base}\n`).join(''))
  const script = join(folder, 'docker')
  writeFileSync(script, dockerShim({ docker, basesFile, label, setsid }), { mode: 0o755 })
  const call = (...args: string[]) => {
    writeFileSync(calls, '')
    const { status, stdout, stderr } = spawnSync(script, args, {
      encoding: 'utf8',
      input: 'lines\n'
    })
    const words = readFileSync(calls, 'utf8').split('\0').slice(0, -1)
    return { status, stdout, stderr, words }
  }
  return { call, script, docker }
}

describe('a pull', () => {
  it('of a base of the chain is answered, and never reaches docker', () => {
    const { call } = shim({ bases: ['acme/base:1', 'docker.io/acme/base:1'] })
    for (const base of ['acme/base:1', 'docker.io/acme/base:1']) {
      expect(call('pull', base)).toEqual({
        status: 0,
        stdout: `${base} is on this daemon already\n`,
        stderr: '',
        words: []
      })
    }
  })

  it.each([
    ['options before it', ['--quiet', '--platform', 'linux/arm64', 'acme/base:1']],
    [
      'its platform after it, as the Docker plugin of Packer has it',
      ['acme/base:1', '--platform', 'linux/arm64']
    ]
  ])('of a base with %s is answered', (_, words) => {
    const { call } = shim({ bases: ['acme/base:1'] })
    expect(call('pull', ...words)).toMatchObject({ status: 0, words: [] })
  })

  it('of any other image is made, with every word', () => {
    const { call } = shim({ bases: ['acme/base:1'] })
    const words = ['pull', '--platform', 'linux/arm64', 'debian:12']
    expect(call(...words)).toMatchObject({ status: 0, words })
  })

  it.each(['acme/base:10', 'acme/base', 'xacme/base:1', 'acmeXbase:1', 'acme.base:1', ''])(
    'of %j is made, since a base is compared whole and as it stands',
    image => {
      const { call } = shim({ bases: ['acme/base:1', 'acme/base.x:1'] })
      expect(call('pull', image).words).toEqual(['pull', image])
    }
  )

  it('of what would be an option or a pattern of grep is made', () => {
    const { call } = shim({ bases: ['acme/base:1'] })
    for (const image of ['-v', '.*', '-f/dev/null', '[a-z/]*:1']) {
      expect(call('pull', image)).toMatchObject({ status: 0, words: ['pull', image] })
    }
  })

  it('is made where the chain has no bases', () => {
    expect(shim().call('pull', 'debian:12').words).toEqual(['pull', 'debian:12'])
  })
})

describe('a run', () => {
  it("gets the run's label, and every word after it", () => {
    const { call } = shim()
    const words = ['-d', '-i', '-t', '--entrypoint=/bin/sh', '--', 'acme/base:1']
    expect(call('run', ...words).words).toEqual(['run', '--label', LABEL, ...words])
  })

  it('gets a label of odd characters as it is', () => {
    const label = `a'b"c $HOME \`id\`=\\ x`
    expect(shim({ label }).call('run', 'x').words).toEqual(['run', '--label', label, 'x'])
  })

  it('comes to its end although the group of its caller is ended', async () => {
    const more = 'echo started; sleep 0.2; echo made >>"$0.made"; exit 7'
    const { script, docker } = shim({ more, setsid: '/usr/bin/setsid' })
    const child = spawn(script, ['run', '-d', 'x'], { detached: true })
    await once(child.stdout, 'data')
    process.kill(-(child.pid ?? 0), 'SIGTERM')
    expect(await once(child, 'exit')).toEqual([7, null])
    expect(readFileSync(`${docker}.made`, 'utf8')).toBe('made\n')
  })
})

describe('any other call', () => {
  it.each([
    ['version', ['version', '--format', '{{.Server.Version}}']],
    ['-v', ['-v']],
    ['exec', ['exec', '-i', 'id', '/bin/sh', '-c', '(echo "pull run")']],
    ['none', []]
  ])('%s goes to docker as it is', (_, words) => {
    expect(shim({ bases: ['x'] }).call(...words).words).toEqual(words)
  })

  it('goes to docker with every word as it is, whatever is in it', () => {
    const { call } = shim()
    const word = fc.string({ unit: fc.constantFrom(...'ab \'"\\$`*?~#;&|<>()\n\t=-é') })
    fc.assert(
      fc.property(fc.array(word, { minLength: 1, maxLength: 4 }), words => {
        expect(call('exec', ...words).words).toEqual(['exec', ...words])
      }),
      { numRuns: 50 }
    )
  })

  it("ends with docker's exit status and prints what docker prints", () => {
    const { call } = shim({ more: 'echo out; echo err >&2; exit 42' })
    expect(call('commit', 'id')).toMatchObject({ status: 42, stdout: 'out\n', stderr: 'err\n' })
  })

  it('has the input of its caller', () => {
    const { script } = shim({ more: 'cat' })
    expect(execFileSync(script, ['import', '-'], { input: 'a tar' }).toString()).toBe('a tar')
  })

  it('becomes docker itself, so that a signal reaches it', () => {
    const { script } = shim({ more: 'echo $$' })
    for (const word of ['wait', 'run', 'pull']) {
      const { pid, stdout } = spawnSync(script, [word, 'x'], { encoding: 'utf8' })
      expect(stdout).toBe(`${pid}\n`)
    }
  })
})

describe('paths', () => {
  it.each(['it\'s "my" $HOME `id` folder-', "quote'-", 'back\\slash-', 'line\nbreak-', '-dash-'])(
    'may hold odd characters: %j',
    prefix => {
      const { call } = shim({ bases: ['acme/base:1'], prefix })
      expect(call('pull', 'acme/base:1')).toMatchObject({ status: 0, words: [] })
      expect(call('pull', 'debian:12')).toMatchObject({ status: 0, words: ['pull', 'debian:12'] })
      expect(call('run', 'x').words).toEqual(['run', '--label', LABEL, 'x'])
    }
  )
})
