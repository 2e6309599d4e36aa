import { execFile } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import { readdirSync } from 'node:fs'
import { promisify } from 'node:util'
import { describe, expect, it, vi } from 'vitest'
import type { CacheCall, CacheFault } from '../../fixtures/cache-server.js'
import { fillDisk, smallDisk } from '../../fixtures/small-disk.js'
import { tarArchive, tarParts } from '../../fixtures/tar-archive.js'
import { temporaryFolder } from '../../fixtures/temporary-folder.js'
import { describeRemoteStore, describeStore } from './contract.js'
import { type GithubRig, openGithubRig } from './github-rig.js'
import { bundleScript } from './programs.js'

describeStore('github', openGithubRig)
describeRemoteStore('github', openGithubRig)

const LIMIT = 2_000

async function keptImage(rig: GithubRig) {
  const image = rig.daemon.make('base')
  await rig.open().store.keep([image.record])
  rig.leave(image)
  return image
}

const only = (wanted: CacheCall, fault: CacheFault) => (call: CacheCall) =>
  call === wanted ? fault : undefined

describe('a service that fails', () => {
  it.each([
    ['GetCacheEntryDownloadURL', 'fail'],
    ['GetCacheEntryDownloadURL', 'cut'],
    ['GET', 'stall']
  ] as const)('at %s with %s gives nothing, with one warning', async (call, fault) => {
    const rig = await openGithubRig()
    const image = await keptImage(rig)
    rig.server.fault = only(call, fault)
    const { store, warnings } = rig.open(LIMIT)
    expect(await store.restore([image.wanted])).toEqual([])
    await store.keep([image.record])
    expect(warnings).toHaveLength(1)
    expect(rig.daemon.tags()).toEqual({})
  })

  it.each([
    ['CreateCacheEntry', 'fail'],
    ['FinalizeCacheEntryUpload', 'fail'],
    ['PUT', 'stall']
  ] as const)('at %s with %s keeps nothing, with one warning', async (call, fault) => {
    const rig = await openGithubRig()
    const image = rig.daemon.make('base')
    rig.server.fault = only(call, fault)
    const { store, warnings } = rig.open(LIMIT)
    await store.keep([image.record])
    await store.keep([image.record])
    expect(warnings).toHaveLength(1)
  })

  it('while an entry is fetched has it replaced', async () => {
    const rig = await openGithubRig()
    const image = await keptImage(rig)
    rig.server.fault = only('GET', 'cut')
    const { store, warnings } = rig.open()
    expect(await store.restore([image.wanted])).toEqual([])
    expect(warnings).toHaveLength(1)
    rig.server.fault = () => undefined
    const again = rig.daemon.make('base', 'again')
    await store.keep([again.record])
    rig.leave(again)
    expect(await rig.open().store.restore([again.wanted])).toEqual([again.record])
  })

  it('does not show addresses that are signed', async () => {
    const rig = await openGithubRig()
    const image = await keptImage(rig)
    rig.server.fault = only('GET', 'cut')
    const { store, warnings } = rig.open()
    await store.restore([image.wanted])
    expect(warnings.join()).not.toContain('secret')
  })

  it('loses nothing where it fails for a moment', async () => {
    const rig = await openGithubRig()
    const failing = new Set<CacheCall>()
    rig.server.fault = call => {
      if (failing.has(call)) return undefined
      failing.add(call)
      // Of an entry that was begun nobody knows whether it was.
      return call === 'CreateCacheEntry' ? 'fail' : 'reset'
    }
    const image = await keptImage(rig)
    const { store, warnings } = rig.open()
    expect(await store.restore([image.wanted])).toEqual([image.record])
    expect(warnings).toEqual([])
    expect([...failing].sort()).toEqual([
      'CreateCacheEntry',
      'FinalizeCacheEntryUpload',
      'GET',
      'GetCacheEntryDownloadURL',
      'PUT'
    ])
  })
})

describe('a token that only reads', () => {
  it('gives what is kept, and keeps nothing, quietly', async () => {
    const rig = await openGithubRig()
    const image = await keptImage(rig)
    rig.server.isReadOnly = true
    const { store, warnings, notes } = rig.open()
    expect(await store.restore([image.wanted])).toEqual([image.record])
    const other = rig.daemon.make('other')
    await store.keep([image.record, other.record])
    await store.keep([image.record, other.record])
    expect(warnings).toEqual([])
    expect(notes).toEqual([expect.stringContaining('this run may only read it')])
    expect(rig.server.entries).toHaveLength(1)
  })

  it('of which the runner tells costs no archive', async () => {
    const rig = await openGithubRig()
    const image = await keptImage(rig)
    vi.stubEnv('ACTIONS_CACHE_MODE', 'read')
    const before = rig.server.calls.length
    const { store, warnings, notes } = rig.open()
    await store.keep([rig.daemon.make('other').record])
    expect(rig.server.calls).toHaveLength(before)
    expect(await store.restore([image.wanted])).toEqual([image.record])
    expect(warnings).toEqual([])
    expect(notes).toHaveLength(1)
  })
})

describe('entries', () => {
  it('that another run has made in the meantime are left as they are, quietly', async () => {
    const rig = await openGithubRig()
    const image = rig.daemon.make('base')
    const runs = [rig.open(), rig.open()] as const
    await runs[0].store.keep([image.record])
    const before = rig.server.calls.length
    await runs[1].store.keep([image.record])
    expect(rig.server.entries).toHaveLength(1)
    expect(runs.flatMap(({ warnings }) => warnings)).toEqual([])
    expect(runs[1].notes).toEqual([expect.stringContaining('it is there already')])
    expect(rig.server.calls.slice(before)).toEqual(['GetCacheEntryDownloadURL'])
  })

  it('that another run is at are left to it, quietly', async () => {
    const rig = await openGithubRig()
    const image = rig.daemon.make('base')
    const first = rig.open()
    await first.store.keep([image.record])
    const entry = rig.server.entries[0]
    if (entry) entry.content = undefined
    const { store, warnings, notes } = rig.open()
    await store.keep([image.record])
    expect(warnings).toEqual([])
    expect(notes).toEqual([expect.stringContaining('the key is taken')])
    expect(rig.server.entries).toHaveLength(1)
  })

  it('that this run restored are not even asked about again', async () => {
    const rig = await openGithubRig()
    const image = await keptImage(rig)
    const { store } = rig.open()
    await store.restore([image.wanted])
    const before = rig.server.calls.length
    await store.keep([image.record])
    expect(rig.server.calls).toHaveLength(before)
  })

  it('are found newest first, and by other images of the project', async () => {
    const rig = await openGithubRig()
    const old = rig.daemon.make('base', 'old')
    await rig.open().store.keep([old.record])
    const recent = rig.daemon.make('base', 'recent')
    await rig.open().store.keep([recent.record])
    rig.leave(old, recent)
    rig.images = ['the chosen', 'and one more']
    expect(await rig.open().store.restore([recent.wanted])).toEqual([recent.record])
    expect(await rig.open().store.restore([old.wanted])).toEqual([])
  })

  it('of the same images win over newer ones of others', async () => {
    const rig = await openGithubRig()
    const own = rig.daemon.make('base', 'own')
    await rig.open().store.keep([own.record])
    rig.images = ['others']
    const other = rig.daemon.make('other')
    await rig.open().store.keep([other.record])
    rig.leave(own, other)
    rig.images = ['the chosen']
    expect(await rig.open().store.restore([own.wanted])).toEqual([own.record])
  })

  it('hold each layer once and no tag, under a key that names nothing', async () => {
    const rig = await openGithubRig()
    const base = rig.daemon.make('base')
    const app = rig.daemon.makeOn(base, 'app')
    await rig.open().store.keep([base.record, app.record])
    expect(rig.server.entries[0]?.key).toMatch(
      /^build-chain-[0-9a-f]{16}-[0-9a-f]{16}-[0-9a-f]{32}$/
    )
    rig.editParts(({ archive }) => {
      const names = tarParts(archive).map(({ name, type }) => `${type} ${name}`)
      expect(names.filter(name => /^0 .*layer\.tar$/.test(name))).toHaveLength(2)
      expect(archive.toString('latin1')).not.toContain(`${rig.daemon.prefix}/`)
      return {}
    })
  })

  it('are not made of more than the limit', async () => {
    const rig = await openGithubRig()
    const image = rig.daemon.make('base', 'x'.repeat(200_000))
    rig.limit = 100_000
    const { store, warnings } = rig.open()
    await store.keep([image.record])
    expect(rig.server.entries.filter(({ content }) => content)).toEqual([])
    expect(warnings).toEqual([
      "reuse: these images take more than 100000 bytes: GitHub's cache keeps none"
    ])
    rig.limit = 300_000
    rig.images = ['others']
    await rig.open().store.keep([image.record])
    expect(rig.server.entries.filter(({ content }) => content)).toHaveLength(1)
  })

  it.each([
    ['names of images', { name: 'repositories', content: '{}' }],
    ['a member of another kind', { name: 'elsewhere', content: 'x' }],
    ['a member outside', { name: '../../outside', content: 'x' }]
  ])('with %s are refused whole', async (_, part) => {
    const rig = await openGithubRig()
    const image = rig.daemon.make('base')
    await rig.open().store.keep([image.record])
    rig.editParts(({ archive }) => ({ archive: tarArchive([...tarParts(archive), part]) }))
    rig.leave(image)
    const { store, warnings } = rig.open()
    expect(await store.restore([image.wanted])).toEqual([])
    expect(warnings[0]).toContain(`${part.name} does not belong in it`)
    expect(rig.daemon.has(image.record.imageId)).toBe(false)
  })

  it.each([
    ['is none', Buffer.from('something else')],
    ['is empty', Buffer.alloc(0)],
    ['has records of no end', Buffer.from([0x5b, 0x2a, 0x4d, 0x18, 255, 255, 255, 255])]
  ])('of which one %s are refused', async (_, entry) => {
    const rig = await openGithubRig()
    const image = await keptImage(rig)
    rig.edit(() => entry)
    const { store, warnings } = rig.open()
    expect(await store.restore([image.wanted])).toEqual([])
    expect(warnings).toEqual([expect.stringContaining('refused')])
  })

  it('whose images nobody wants are not fetched', async () => {
    const rig = await openGithubRig()
    const image = rig.daemon.make('base', randomBytes(300_000).toString('hex'))
    await rig.open().store.keep([image.record])
    rig.leave(image)
    const before = rig.server.calls.length
    const other = rig.daemon.make('other')
    expect(await rig.open().store.restore([other.wanted])).toEqual([])
    expect(rig.server.calls.slice(before)).toEqual(['GetCacheEntryDownloadURL', 'GET'])
  })

  it.each([true, false])('larger than a part come by parts, or whole: %s', async givesParts => {
    const rig = await openGithubRig()
    rig.server.givesParts = givesParts
    const image = rig.daemon.make('base', randomBytes(15_000_000).toString('hex'))
    await rig.open().store.keep([image.record])
    rig.leave(image)
    const { store, warnings } = rig.open()
    expect(await store.restore([image.wanted])).toEqual([image.record])
    expect(warnings).toEqual([])
  })
})

describe('a step', () => {
  it('finds nothing of the exchange on its disk afterwards, and nothing on its output', async () => {
    const rig = await openGithubRig()
    const folder = temporaryFolder()
    vi.stubEnv('TMPDIR', folder)
    const output = vi.spyOn(process.stdout, 'write')
    const image = await keptImage(rig)
    const found = await rig.open().store.restore([image.wanted])
    expect(found).toEqual([image.record])
    expect(output.mock.calls).toEqual([])
    output.mockRestore()
    const { GITHUB_WORKSPACE = '', RUNNER_TEMP = '' } = rig.server.variables
    expect([folder, GITHUB_WORKSPACE, RUNNER_TEMP].flatMap(each => readdirSync(each))).toEqual([])
  })

  it('needs no room on its disk', async () => {
    const rig = await openGithubRig()
    const disk = smallDisk(64 * 1024)
    fillDisk(disk)
    for (const name of ['TMPDIR', 'RUNNER_TEMP', 'GITHUB_WORKSPACE']) vi.stubEnv(name, disk)
    const image = await keptImage(rig)
    const { store, warnings } = rig.open()
    expect(await store.restore([image.wanted])).toEqual([image.record])
    expect(warnings).toEqual([])
  })

  it('that runs the bundle starts what moves images from it', async () => {
    const rig = await openGithubRig()
    const image = rig.daemon.make('base')
    const script = `
      import { openEngine } from 'ADAPTERS/engine.ts'
      import { exec } from 'ADAPTERS/exec.ts'
      import { openGithubStore } from 'ADAPTERS/stores/github-store.ts'
      const env = process.env as Record<string, string>
      const say = (message: string) => console.log(message)
      const store = openGithubStore({
        exec, env, runner: env, warn: say, debug: say, engine: await openEngine(exec, env),
        identity: { project: 'p', platform: 'linux/amd64', images: [] }
      })
      await store.keep([${JSON.stringify(image.record)}])
    `
    const file = await bundleScript(temporaryFolder(), script)
    const { stdout } = await promisify(execFile)(process.execPath, [file])
    expect(stdout).toBe('')
    expect(rig.server.entries).toHaveLength(1)
  })

  it('that is none of a workflow is told so once', async () => {
    const rig = await openGithubRig()
    const image = rig.daemon.make('base')
    vi.stubEnv('ACTIONS_RUNTIME_TOKEN', '')
    const { store, warnings } = rig.open()
    expect(await store.restore([image.wanted])).toEqual([])
    await store.keep([image.record])
    expect(warnings).toEqual([expect.stringContaining('ACTIONS_RUNTIME_TOKEN is not set')])
  })
})
