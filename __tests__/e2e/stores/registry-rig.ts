import { readdirSync, readFileSync, statSync, truncateSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { exec } from '../../../src/adapters/exec.js'
import { dockerCommand } from '../../../src/adapters/stores/docker-command.js'
import { placeName } from '../../../src/adapters/stores/registry-shelf.js'
import { openRegistryStore } from '../../../src/adapters/stores/registry-store.js'
import { pushReference, pushText } from '../../../src/adapters/stores/registry-transfer.js'
import { sealRecords } from '../../../src/adapters/stores/sealed-records.js'
import { type Registry, startRegistry } from '../../fixtures/registry.js'
import { fillDisk, smallDisk } from '../../fixtures/small-disk.js'
import { temporaryFolder } from '../../fixtures/temporary-folder.js'
import { docker, env, openDaemon } from './daemon.js'
import type { Lie, StoreRig } from './rig.js'

/** A registry with what is special to it. */
export interface RegistryRig extends StoreRig {
  readonly registry: Registry
  /** `HOST:PORT/PATH`. */
  repository: string
  /** Its path in the registry. */
  readonly path: string
  /** The environment of the docker command. */
  env: Readonly<Record<string, string>>
  /**
   * The files of all layers and configurations but the layer without files, which every record has.
   * Manifests are not among them: a registry that cannot read one says that it is out of order.
   */
  blobs(): readonly string[]
}

/** Bytes of the gzipped layer without files: no push sends it anew, since the registry has it. */
const EMPTY_LAYER = 32

const isOwn = (blob: Buffer) =>
  blob.length !== EMPTY_LAYER && !blob.toString('latin1').includes('schemaVersion')

const WRITES = ['POST', 'PUT', 'PATCH']

/** Debian's docker-registry. */
export async function openRegistryRig(): Promise<RegistryRig> {
  const daemon = await openDaemon()
  const storage = join(temporaryFolder(), 'storage')
  const registry = await startRegistry(storage)
  const run = dockerCommand(exec, env)
  const path = `${daemon.prefix}/cache`

  const tell = async ({ image, record, platform = 'linux/amd64' }: Lie) => {
    const place = `${rig.repository}:${placeName(image.record)}`
    const signal = AbortSignal.timeout(60_000)
    docker(['tag', image.record.imageId, place])
    const digest = await pushReference(run, place, signal)
    docker(['rmi', place])
    const text = sealRecords([{ record, platform, digest }])
    await pushText(
      { docker: run, engine: daemon.engine },
      { reference: `${place}.record`, text },
      signal
    )
  }

  const rig: RegistryRig = {
    daemon,
    registry,
    path,
    repository: `${registry.host}/${path}`,
    env,
    blobs: () => {
      const names = readdirSync(storage, { recursive: true, encoding: 'utf8' })
      const files = names.filter(name => name.endsWith('/data')).map(name => join(storage, name))
      return files.filter(file => isOwn(readFileSync(file))).sort()
    },
    open: timeout => {
      const warnings: string[] = []
      const store = openRegistryStore({
        exec,
        engine: daemon.engine,
        env: rig.env,
        repository: rig.repository,
        timeout,
        warn: message => void warnings.push(message)
      })
      return { store, warnings, notes: [] }
    },
    leave: (...images) => daemon.forget(...images),
    sent: () => registry.calls.filter(({ method }) => WRITES.includes(method)).length,
    corrupt: async () => {
      for (const file of rig.blobs()) {
        const content = readFileSync(file)
        content[20] = (content[20] ?? 0) ^ 1
        writeFileSync(file, content)
      }
    },
    truncate: async () => {
      for (const file of rig.blobs()) truncateSync(file, Math.floor(statSync(file).size / 2))
    },
    cutOff: () => {
      rig.repository = `127.0.0.1:1/${path}`
    },
    stall: () => {
      registry.fault = () => 'stall'
    },
    fill: async () => {
      const disk = smallDisk(256 * 1024)
      const full = await startRegistry(join(disk, 'storage'))
      fillDisk(disk)
      rig.repository = `${full.host}/${path}`
    },
    lie: async lies => {
      for (const lie of lies) await tell(lie)
    },
    smuggle: ({ record, ...image }, tag) =>
      tell({ image: { ...image, record }, record: { ...record, tags: [...record.tags, tag] } })
  }
  return rig
}
