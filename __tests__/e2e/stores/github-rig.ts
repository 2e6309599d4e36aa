import { execFileSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { basename, dirname, join } from 'node:path'
import { vi } from 'vitest'
import { exec } from '../../../src/adapters/exec.js'
import { archivesByProgram } from '../../../src/adapters/stores/archive-pipe.js'
import type { AskCache } from '../../../src/adapters/stores/github-ask.js'
import { openGithubStore } from '../../../src/adapters/stores/github-store.js'
import { sealRecords } from '../../../src/adapters/stores/sealed-records.js'
import { type CacheServer, startCacheServer } from '../../fixtures/cache-server.js'
import { fillDisk, smallDisk } from '../../fixtures/small-disk.js'
import { type TarPart, tarArchive, tarParts } from '../../fixtures/tar-archive.js'
import { temporaryFolder } from '../../fixtures/temporary-folder.js'
import { env, type MadeImage, openDaemon } from './daemon.js'
import { askRealClient, bundleProgram } from './github-program.js'
import type { StoreRig } from './rig.js'

/** GitHub's cache with what is special to it. */
export interface GithubRig extends StoreRig {
  readonly server: CacheServer
  /** The folder of which the cache keeps a copy, where it is for as long as a call lasts. */
  folder(): string
  /** Ids of the chosen images. */
  images: string[]
  /** Bytes of an archive. */
  limit: number | undefined
  /** Takes the place of the real client. */
  ask: AskCache
  /** Keeps a newer copy of the newest entry, altered. */
  edit(change: (folder: string) => void): Promise<void>
  /** Alters the archive of the newest entry. */
  editArchive(change: (archive: Buffer) => Buffer): Promise<void>
  /** Keeps a newer copy of the newest entry that has more in it than was kept. */
  addTo(parts: readonly TarPart[]): void
}

/** By zstd, of anything. */
const zstd = (word: string, input: Buffer) =>
  execFileSync('zstd', ['-qc', word], { input, maxBuffer: Number.POSITIVE_INFINITY })

/** Alters what an archive holds, not how it is compressed. */
export const altered = (packed: Buffer, change: (archive: Buffer) => Buffer): Buffer =>
  zstd('-3', change(zstd('-d', packed)))

const bundles = mkdtempSync(join(tmpdir(), 'build-chain-test-'))
const client = bundleProgram('github-program', bundles)
const mover = bundleProgram('archive-program', bundles)
process.once('exit', () => rmSync(bundles, { recursive: true, force: true }))

/** GitHub's cache by its own client, against a server of the tests. */
export async function openGithubRig(): Promise<GithubRig> {
  const daemon = await openDaemon()
  const server = await startCacheServer({
    workspace: temporaryFolder(),
    temporary: temporaryFolder()
  })
  const folder = () => join(process.env.RUNNER_TEMP ?? '', 'build-chain-images')
  const ask = askRealClient(await client)
  const pipe = archivesByProgram({ exec, env, programUrl: await mover })
  const newest = () => server.entries.at(-1)

  const keepNewer = (content: Buffer) => {
    const { key = '', version = '' } = newest() ?? {}
    server.entries.push({ key: `${key}x`, version, blocks: new Map(), content })
  }

  const addTo = (parts: readonly TarPart[]) => {
    const packed = newest()?.content ?? Buffer.alloc(0)
    keepNewer(altered(packed, archive => tarArchive([...tarParts(archive), ...parts])))
  }

  // Unpacked and packed as the client does it: paths count from above the folder.
  const edit = async (change: (folder: string) => void) => {
    const entry = newest()
    const file = join(temporaryFolder(), 'entry')
    const at = ['-P', '-C', dirname(folder()), '-f', file]
    writeFileSync(file, entry?.content ?? '')
    execFileSync('tar', ['-x', ...at])
    change(folder())
    const path = basename(folder())
    execFileSync('tar', ['-c', '--zstd', ...at, path])
    keepNewer(readFileSync(file))
    rmSync(folder(), { recursive: true })
  }

  const editArchive = (change: (archive: Buffer) => Buffer) =>
    edit(at => {
      const file = join(at, 'images.tar.zst')
      writeFileSync(file, altered(readFileSync(file), change))
    })

  const keepAll = (images: readonly MadeImage[]) =>
    rig.open().store.keep(images.map(({ record }) => record))

  const rig: GithubRig = {
    daemon,
    server,
    folder,
    edit,
    editArchive,
    addTo,
    images: ['the chosen'],
    limit: undefined,
    ask,
    open: timeout => {
      const warnings: string[] = []
      const notes: string[] = []
      const store = openGithubStore({
        exec,
        engine: daemon.engine,
        env,
        runner: process.env,
        identity: { project: daemon.prefix, platform: 'linux/amd64', images: rig.images },
        limit: rig.limit,
        ask: rig.ask,
        pipe,
        timeout,
        warn: message => void warnings.push(message),
        debug: message => void notes.push(message)
      })
      return { store, warnings, notes }
    },
    leave: (...images) => daemon.forget(...images),
    sent: () => server.calls.filter(call => call === 'PUT').length,
    corrupt: async () => {
      const entry = newest()
      if (entry?.content) entry.content[200] = (entry.content[200] ?? 0) ^ 1
    },
    truncate: async () => {
      const entry = newest()
      if (entry?.content) entry.content = entry.content.subarray(0, entry.content.length / 2)
    },
    cutOff: () => vi.stubEnv('ACTIONS_RESULTS_URL', 'http://127.0.0.1:1/'),
    stall: () => {
      server.fault = () => 'stall'
    },
    fill: async () => {
      const disk = smallDisk(64 * 1024)
      fillDisk(disk)
      vi.stubEnv('RUNNER_TEMP', disk)
    },
    lie: async lies => {
      await keepAll(lies.map(({ image }) => image))
      const sealed = lies.map(({ record, platform = 'linux/amd64' }) => ({ record, platform }))
      await edit(at => writeFileSync(join(at, 'records.json'), sealRecords(sealed)))
    },
    smuggle: async (image, tag) => {
      await keepAll([image])
      await editArchive(archive =>
        tarArchive(
          tarParts(archive).map(part => {
            if (part.name !== 'manifest.json') return part
            const content = part.content?.toString().replace('null', JSON.stringify([tag]))
            return { ...part, content: content ?? '' }
          })
        )
      )
    }
  }
  return rig
}
