import { execFileSync } from 'node:child_process'
import { vi } from 'vitest'
import { exec } from '../../../src/adapters/exec.js'
import { ArchivePipe } from '../../../src/adapters/stores/archive-pipe.js'
import { entryHead } from '../../../src/adapters/stores/github-entry.js'
import { openGithubStore } from '../../../src/adapters/stores/github-store.js'
import { sealRecords } from '../../../src/adapters/stores/sealed-records.js'
import { type CacheServer, startCacheServer } from '../../fixtures/cache-server.js'
import { tarArchive, tarParts } from '../../fixtures/tar-archive.js'
import { temporaryFolder } from '../../fixtures/temporary-folder.js'
import { env, type MadeImage, openDaemon } from './daemon.js'
import { archiveProgram } from './programs.js'
import type { StoreRig } from './rig.js'

/** GitHub's cache with what is special to it. */
export interface GithubRig extends StoreRig {
  readonly server: CacheServer
  /** Ids of the chosen images. */
  images: string[]
  /** Bytes of an archive. */
  limit: number | undefined
  /** Keeps a newer copy of the newest entry, altered. */
  edit(change: (entry: Buffer) => Buffer): void
  /** The same of its records and of its archive, as they are when they are unpacked. */
  editParts(change: (parts: EntryParts) => Partial<EntryParts>): void
}

/** What an entry is made of. */
export interface EntryParts {
  readonly records: Buffer
  readonly archive: Buffer
}

/** By zstd, of anything. */
const zstd = (word: string, input: Buffer) =>
  execFileSync('zstd', ['-qc', word], { input, maxBuffer: Number.POSITIVE_INFINITY })

/** Of the frame with the records: a number and their length. */
const FRAME = 8

/** The parts of an entry, the archive packed as it is. */
export function splitEntry(entry: Buffer): EntryParts {
  const end = FRAME + entry.readUInt32LE(4)
  return { records: entry.subarray(FRAME, end), archive: entry.subarray(end) }
}

/** An entry of parts, the archive packed. */
export function joinEntry({ records, archive }: EntryParts): Buffer {
  const frame = Buffer.from(entryHead([]).subarray(0, FRAME))
  frame.writeUInt32LE(records.length, 4)
  return Buffer.concat([frame, records, archive])
}

/** Alters what an archive holds, not how it is packed. */
export const altered = (packed: Buffer, change: (archive: Buffer) => Buffer): Buffer =>
  zstd('-3', change(zstd('-d', packed)))

/** GitHub's cache on a server of the tests. */
export async function openGithubRig(): Promise<GithubRig> {
  const daemon = await openDaemon()
  const server = await startCacheServer({
    workspace: temporaryFolder(),
    temporary: temporaryFolder()
  })
  const pipe = new ArchivePipe({ env, packing: 'zstd', programUrl: await archiveProgram })
  const newest = () => server.entries.at(-1)
  const nothing = Buffer.alloc(0)

  const edit = (change: (entry: Buffer) => Buffer) => {
    const { key = '', version = '', content = nothing } = newest() ?? {}
    const copy = Buffer.from(content)
    server.entries.push({ key: `${key}x`, version, blocks: new Map(), content: change(copy) })
  }

  const editParts: GithubRig['editParts'] = change =>
    edit(entry => {
      const { records, archive } = splitEntry(entry)
      const parts = { records, archive: zstd('-d', archive) }
      const changed = { ...parts, ...change(parts) }
      return joinEntry({ ...changed, archive: zstd('-3', changed.archive) })
    })

  const keepAll = (images: readonly MadeImage[]) =>
    rig.open().store.keep(images.map(({ record }) => record))

  const rig: GithubRig = {
    daemon,
    server,
    edit,
    editParts,
    images: ['the chosen'],
    limit: undefined,
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
        pipe,
        pause: async () => {},
        timeout,
        warn: message => void warnings.push(message),
        debug: message => void notes.push(message)
      })
      return { store, warnings, notes }
    },
    leave: (...images) => daemon.forget(...images),
    sent: () => server.calls.filter(call => call === 'PUT').length,
    corrupt: async () => {
      const { content } = newest() ?? {}
      const at = content ? FRAME + content.readUInt32LE(4) + 20 : 0
      if (content) content[at] = (content[at] ?? 0) ^ 1
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
      server.fault = call => (call === 'PUT' ? 'fail' : undefined)
    },
    lie: async lies => {
      await keepAll(lies.map(({ image }) => image))
      const sealed = lies.map(({ record, platform = 'linux/amd64' }) => ({ record, platform }))
      editParts(() => ({ records: Buffer.from(sealRecords(sealed)) }))
    },
    smuggle: async (image, tag) => {
      await keepAll([image])
      editParts(({ archive }) => ({
        archive: tarArchive(
          tarParts(archive).map(part => {
            if (part.name !== 'manifest.json') return part
            const content = part.content?.toString().replace('null', JSON.stringify([tag]))
            return { ...part, content: content ?? '' }
          })
        )
      }))
    }
  }
  return rig
}
