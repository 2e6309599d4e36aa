import { readFileSync, statSync, truncateSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:net'
import { join } from 'node:path'
import { onTestFinished } from 'vitest'
import { openEngine } from '../../../src/adapters/engine.js'
import { exec } from '../../../src/adapters/exec.js'
import { openState } from '../../../src/adapters/state.js'
import { openLocalStore } from '../../../src/adapters/stores/local-store.js'
import type { ImageRecord } from '../../../src/chain/record.js'
import type { Engine } from '../../../src/ports.js'
import { fillDisk, smallDisk } from '../../fixtures/small-disk.js'
import { temporaryFolder } from '../../fixtures/temporary-folder.js'
import { env, openDaemon } from './daemon.js'
import type { StoreRig } from './rig.js'

/** A daemon that takes calls and says nothing. */
async function silentEngine(): Promise<Engine> {
  const socket = join(temporaryFolder(), 'docker.sock')
  const server = createServer()
  server.listen(socket)
  onTestFinished(() => void server.close())
  return openEngine(exec, { ...env, DOCKER_HOST: `unix://${socket}` })
}

/** The daemon's own images with a state file. */
export async function openLocalRig(): Promise<StoreRig> {
  const daemon = await openDaemon()
  const silent = await silentEngine()
  const nobody = await openEngine(exec, { ...env, DOCKER_HOST: 'unix:///nobody/docker.sock' })
  let { engine } = daemon
  let file = join(temporaryFolder(), 'images.state')
  return {
    daemon,
    open: timeout => {
      const warnings: string[] = []
      const state = openState(file)
      const remember = (record: ImageRecord) => state.keep(record)
      const warn = (message: string) => void warnings.push(message)
      const records = () => state.records()
      const store = openLocalStore({ engine, records, remember, warn, timeout })
      return { store, warnings, notes: [] }
    },
    leave: () => {},
    sent: () => statSync(file).size,
    corrupt: async () => {
      const content = readFileSync(file)
      content[100] = (content[100] ?? 0) ^ 1
      writeFileSync(file, content)
    },
    truncate: async () => truncateSync(file, Math.floor(statSync(file).size / 2)),
    cutOff: () => {
      engine = nobody
    },
    stall: () => {
      engine = silent
    },
    fill: async () => {
      const disk = smallDisk(64 * 1024)
      file = join(disk, 'images.state')
      writeFileSync(file, '')
      fillDisk(disk)
    },
    lie: async lies => {
      const state = openState(file)
      for (const { record } of lies) state.keep(record)
    },
    smuggle: async ({ record }, tag) =>
      openState(file).keep({ ...record, tags: [...record.tags, tag] })
  }
}
