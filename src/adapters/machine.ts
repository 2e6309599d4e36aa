import { existsSync } from 'node:fs'
import { readFile, statfs } from 'node:fs/promises'
import { freemem, totalmem } from 'node:os'
import type { MachineFacts } from '../commands/doctor-facts.js'

const CGROUPS = '/sys/fs/cgroup'

/** https://docs.kernel.org/admin-guide/cgroup-v2.html#mounting */
function controlGroups(): MachineFacts['controlGroups'] {
  if (existsSync(`${CGROUPS}/cgroup.controllers`)) return 'v2'
  if (existsSync(`${CGROUPS}/unified/cgroup.controllers`)) return 'hybrid'
  return existsSync(`${CGROUPS}/memory`) || existsSync(`${CGROUPS}/systemd`) ? 'v1' : 'none'
}

/** Memory that can be had without swapping; what is free alone leaves out the caches. */
async function availableMemory(): Promise<number> {
  const text = await readFile('/proc/meminfo', 'utf8').catch(() => '')
  const kilobytes = /^MemAvailable:\s+(\d+) kB$/m.exec(text)?.[1]
  return kilobytes === undefined ? freemem() : Number(kilobytes) * 1024
}

async function diskOf(folders: readonly string[]): Promise<MachineFacts['disk']> {
  for (const folder of folders) {
    const found = await statfs(folder).catch(() => undefined)
    if (found) return { folder, freeBytes: found.bavail * found.bsize }
  }
  return undefined
}

/**
 * What this machine is like.
 * @param folders where images could lie; the first that can be looked at counts
 */
export async function machineFacts(folders: readonly string[]): Promise<MachineFacts> {
  return {
    node: process.versions.node,
    controlGroups: controlGroups(),
    disk: await diskOf(folders),
    memory: { availableBytes: await availableMemory(), totalBytes: totalmem() }
  }
}
