import { execFileSync } from 'node:child_process'
import { chmodSync, existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type CacheServer, startCacheServer } from '../fixtures/cache-server.js'
import {
  buildFrom,
  filesBelow,
  type Machine,
  openYard,
  type Yard
} from '../fixtures/modern-machine.js'
import { arch, NEEDS_PACKER, os, standInRelease } from '../fixtures/modern-stand-in.js'
import { runAction } from '../fixtures/program.js'
import { type ReleaseServer, startReleaseServer } from '../fixtures/release-server.js'

const NAME = `packer_1.15.0_${os}_${arch}`
const SUMS = 'packer_1.15.0_SHA256SUMS'

let yard: Yard
let server: ReleaseServer
beforeAll(async () => {
  yard = openYard('bc-caches')
  server = await startReleaseServer({ releases: [standInRelease()] })
})
afterAll(async () => {
  await server?.close()
  yard?.remove()
})

/** The folder of the Packer in a machine's tool cache. */
function folderOf({ tools }: Machine): string {
  const archive = filesBelow(tools).find(path => path.endsWith(`/${NAME}.zip`))
  return dirname(join(tools, archive ?? 'none'))
}

/** A program that shows that it was run. */
const evilProgram = (machine: Machine) => `#!/bin/sh\ntouch ${machine.home}/owned\n`
const wasOwned = (machine: Machine) => existsSync(join(machine.home, 'owned'))

const flip = (bytes: Buffer): Buffer => {
  const changed = Buffer.from(bytes)
  const middle = changed.length >> 1
  changed[middle] = (changed[middle] ?? 0) ^ 1
  return changed
}

interface Poison {
  readonly what: string
  readonly poison: (folder: string, machine: Machine) => void | Promise<void>
  readonly told: RegExp
  readonly downloads: boolean
}

describe.concurrent('a poisoned tool cache', () => {
  /** A machine whose tool cache was filled by a run, and the folder of its Packer. */
  async function warmMachine() {
    const machine = yard.machine()
    const own = await startReleaseServer({ releases: [standInRelease()] })
    const run = (from: Pick<ReleaseServer, 'url' | 'publicKey'> = own) =>
      buildFrom({ machine, project: yard.project(NEEDS_PACKER), server: from })
    await run()
    const filled = own.requests.length
    const downloaded = () => own.requests.length - filled
    return { machine, folder: folderOf(machine), server: own, run, downloaded }
  }

  /** All that the folder holds, by name. */
  const contentOf = (folder: string) =>
    Object.fromEntries(filesBelow(folder).map(name => [name, readFileSync(join(folder, name))]))

  const POISONS: readonly Poison[] = [
    {
      what: 'a Packer that was replaced',
      poison: (folder: string, machine: Machine) =>
        writeFileSync(join(folder, 'packer'), evilProgram(machine)),
      told: /packer was refused and replaced: it is not the program in packer_1\.15\.0_\w+\.zip/,
      downloads: false
    },
    {
      what: 'a Packer that has one bit changed and its old size',
      poison: (folder: string) =>
        writeFileSync(join(folder, 'packer'), flip(readFileSync(join(folder, 'packer')))),
      told: /packer was refused and replaced: it is not the program in/,
      downloads: false
    },
    {
      what: 'a Packer that nobody may run',
      poison: (folder: string) => chmodSync(join(folder, 'packer'), 0o644),
      told: /packer was refused and replaced/,
      downloads: false
    },
    {
      what: 'no Packer any more',
      poison: (folder: string) => rmSync(join(folder, 'packer')),
      told: /in the tool cache, verified again/,
      downloads: false
    },
    {
      what: 'another archive',
      poison: (folder: string) =>
        writeFileSync(join(folder, `${NAME}.zip`), flip(readFileSync(join(folder, `${NAME}.zip`)))),
      told: /packer 1\.15\.0 in the tool cache was refused and removed: .*\.zip has the wrong hash/,
      downloads: true
    },
    {
      what: 'no archive',
      poison: (folder: string) => rmSync(join(folder, `${NAME}.zip`)),
      told: /was refused and removed: packer_1\.15\.0_\w+\.zip is not kept with it/,
      downloads: true
    },
    {
      what: 'sums that fit another archive',
      poison: (folder: string) =>
        writeFileSync(join(folder, SUMS), `${'0'.repeat(64)}  ${NAME}.zip\n`),
      told: /was refused and removed: The signature of packer_1\.15\.0_SHA256SUMS does not match it/,
      downloads: true
    },
    {
      what: 'sums and a signature by another key',
      poison: async (folder: string, machine: Machine) => {
        const other = await startReleaseServer({ releases: [standInRelease()] })
        const sums = readFileSync(join(folder, SUMS))
        writeFileSync(join(folder, `${SUMS}.sig`), await other.signer.sign(sums))
        writeFileSync(join(folder, 'packer'), evilProgram(machine))
        await other.close()
      },
      told: /was refused and removed: packer_1\.15\.0_SHA256SUMS is signed by the wrong key/,
      downloads: true
    },
    {
      what: 'a plugin beside Packer, which versions before 1.11 run',
      poison: (folder: string, machine: Machine) =>
        writeFileSync(join(folder, 'packer-provisioner-shell'), evilProgram(machine), {
          mode: 0o755
        }),
      told: /was refused and removed: .*packer-provisioner-shell/,
      downloads: true
    }
  ]

  it.for(POISONS.map(each => [each.what, each] as const))(
    'with %s is refused, put right and spoken of',
    async ([, each], { expect }) => {
      const { machine, folder, run, downloaded, server: own } = await warmMachine()
      const whole = contentOf(folder)
      expect(Object.keys(whole)).toContain('packer')
      await each.poison(folder, machine)
      const { status, stderr } = await run()
      await own.close()
      expect(stderr).toMatch(each.told)
      expect(status).toBe(0)
      expect(wasOwned(machine)).toBe(false)
      expect(downloaded() > 0).toBe(each.downloads)
      expect(contentOf(folder)).toEqual(whole)
    }
  )

  it('keeps apart what different keys have signed', async ({ expect }) => {
    const { run, downloaded, server: own } = await warmMachine()
    const other = await startReleaseServer({ releases: [standInRelease()] })
    const second = await run(other)
    const third = await run()
    for (const each of [own, other]) await each.close()
    expect(second.stderr + third.stderr).not.toContain('refused')
    expect([second.status, third.status]).toEqual([0, 0])
    expect(downloaded()).toBe(0)
  })

  it('is refused where nothing can be put in its place', async ({ expect }) => {
    const { machine, folder, run, server: own } = await warmMachine()
    writeFileSync(join(folder, `${NAME}.zip`), 'evil')
    writeFileSync(join(folder, 'packer'), evilProgram(machine))
    const { status, stderr } = await run({ ...own, url: `${own.url}/nowhere` })
    await own.close()
    expect(stderr).toMatch(/was refused and removed/)
    expect(stderr).toMatch(/No Packer: .* does not have packer/)
    expect(status).toBe(3)
    expect(wasOwned(machine)).toBe(false)
    expect(filesBelow(machine.tools)).toEqual([])
  })

  it('is put right by runs at once', async ({ expect }) => {
    const { machine, folder, run, server: own } = await warmMachine()
    const whole = contentOf(folder)
    writeFileSync(join(folder, `${NAME}.zip`), 'evil')
    writeFileSync(join(folder, 'packer'), evilProgram(machine))
    const runs = await Promise.all([1, 2, 3, 4].map(() => run()))
    await own.close()
    expect(runs.map(({ status, stderr }) => (status === 0 ? 0 : stderr))).toEqual([0, 0, 0, 0])
    expect(wasOwned(machine)).toBe(false)
    expect(contentOf(folder)).toEqual(whole)
  })
})

describe("GitHub's cache", () => {
  /** A workspace and a RUNNER_TEMP that every runner has at the same place. */
  async function openRunner() {
    const machine = yard.machine()
    const workspace = yard.project(NEEDS_PACKER)
    const temporary = join(machine.home, 'runner-temp')
    mkdirSync(temporary)
    const cache = await startCacheServer({ workspace, temporary })
    const step = async (from: ReleaseServer = server) => {
      rmSync(machine.tools, { recursive: true, force: true })
      return runAction({
        workspace,
        inputs: {
          reuse: 'off',
          'packer-releases': from.url,
          'packer-releases-key': from.publicKey
        },
        env: { ...machine.env, ...cache.variables, RUNNER_TOOL_CACHE: machine.tools }
      })
    }
    return { machine, workspace, temporary, cache, step }
  }

  /** Names of what was asked of the release server since. */
  const asked = (from: number) => server.requests.slice(from).map(({ path }) => path)

  it('keeps what was verified, and gives it to the next machine, which verifies it again', async () => {
    const { cache, step } = await openRunner()
    const first = await step()
    expect(first.stdout).toContain('downloaded and verified')
    expect(first.status).toBe(0)
    expect(cache.entries.map(({ key }) => key)).toEqual([
      expect.stringMatching(new RegExp(`^build-chain-${NAME}-[0-9a-f]{8}-1$`))
    ])
    const before = server.requests.length
    const second = await step()
    expect(second.stdout).toContain("from GitHub's cache, verified again")
    expect(second.status).toBe(0)
    expect(asked(before)).toEqual(['/packer/index.json'])
    expect(cache.entries).toHaveLength(1)
  })

  /** Changes the files of an entry as somebody with access to the cache would. */
  function repack(cache: CacheServer, folder: string, change: (folder: string) => void): void {
    const entry = cache.entries[0]
    const workspace = join(folder, 'a/b/c/d')
    mkdirSync(workspace, { recursive: true })
    const archive = join(folder, 'archive')
    const bytes = entry?.content ?? Buffer.alloc(0)
    writeFileSync(archive, bytes)
    const compression = bytes[0] === 0x1f ? '--gzip' : '--zstd'
    const list = execFileSync('tar', ['-tf', archive, compression, '-P'], { encoding: 'utf8' })
    const first = list.split('\n')[0]?.replace(/\/$/, '') ?? ''
    execFileSync('tar', ['-xf', archive, compression, '-P', '-C', workspace])
    change(join(workspace, first))
    execFileSync('tar', ['-cf', archive, compression, '-P', '-C', workspace, first])
    if (entry) entry.content = readFileSync(archive)
  }

  const flipArchive = (folder: string) => {
    const archive = join(folder, `${NAME}.zip`)
    writeFileSync(archive, flip(readFileSync(archive)))
  }
  const plant = (folder: string) =>
    writeFileSync(join(folder, 'packer-provisioner-shell'), '#!/bin/sh\n', { mode: 0o755 })

  it.each([
    ['another archive', /\.zip has the wrong hash/, flipArchive],
    ['no signature', /\.sig is not kept with it/, folder => rmSync(join(folder, `${SUMS}.sig`))],
    ['a plugin beside the archive', /packer-provisioner-shell lies beside it/, plant]
  ] as const satisfies readonly [string, RegExp, (folder: string) => void][])(
    'with %s is refused, replaced and spoken of',
    async (_, told, poison) => {
      const { machine, cache, step } = await openRunner()
      await step()
      repack(cache, join(machine.home, 'repacked'), poison)
      const before = server.requests.length
      const poisoned = await step()
      expect(poisoned.stdout).toMatch(
        new RegExp(
          `::warning::${NAME} in GitHub's cache was refused, and is replaced: .*${told.source}`
        )
      )
      expect(poisoned.stdout).toContain('downloaded and verified')
      expect(poisoned.status).toBe(0)
      expect(asked(before).at(-1)).toMatch(/\.zip$/)
      expect(cache.entries.map(({ key }) => key.at(-1))).toEqual(['1', '2'])
      const next = await step()
      expect(next.stdout).not.toContain('refused')
      expect(next.stdout).toContain("from GitHub's cache, verified again")
    }
  )

  it('with the archive of another server, signed by its key, is refused', async () => {
    const { cache, step } = await openRunner()
    const evil = await startReleaseServer({ releases: [standInRelease()] })
    await step(evil)
    await step()
    const [other, own] = cache.entries
    if (own) own.content = other?.content
    const { status, stdout } = await step()
    await evil.close()
    expect(stdout).toMatch(/was refused, and is replaced: .* is signed by the wrong key/)
    expect(stdout).toContain('downloaded and verified')
    expect(status).toBe(0)
  })

  it('that breaks off, or takes nothing, is done without', async () => {
    const { cache, step } = await openRunner()
    await step()
    cache.fault = call => (call === 'GET' ? 'cut' : undefined)
    cache.isReadOnly = true
    const before = server.requests.length
    const { status, stdout } = await step()
    expect(stdout).toContain('downloaded and verified')
    expect(asked(before).at(-1)).toMatch(/\.zip$/)
    expect(status).toBe(0)
  })
})
