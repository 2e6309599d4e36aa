import { execFile } from 'node:child_process'
import { chmod, mkdir, mkdtemp, readdir, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { delimiter, dirname, join } from 'node:path'
import { onTestFinished } from 'vitest'
import { ChainError } from '../../../src/errors.js'
import { parseBase } from '../../../src/packer/address.js'
import { createDownloader, type DownloaderOptions } from '../../../src/packer/download.js'
import { platformOf } from '../../../src/packer/platform.js'
import type { ReleaseSite } from '../../../src/packer/release-site.js'
import type { Exec, Output } from '../../../src/ports.js'
import {
  type ReleaseServer,
  type ReleaseServerOptions,
  startReleaseServer
} from '../../fixtures/release-server.js'

/** A new folder that is removed after the test. */
export async function temporary(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'packer-unit-'))
  onTestFinished(() => rm(folder, { recursive: true, force: true }))
  return folder
}

/** A release server that ends with the test. */
export async function serve(options: ReleaseServerOptions): Promise<ReleaseServer> {
  const server = await startReleaseServer(options)
  onTestFinished(() => server.close())
  return server
}

/** Paths of what a server was asked for, without folders. */
export function asked(server: ReleaseServer): readonly string[] {
  return server.requests.map(request => request.path.split('/').at(-1) ?? '')
}

export const linux = platformOf('linux', 'x64')

/** Downloads that never wait. */
export function quickDownloader(options: Partial<DownloaderOptions> = {}) {
  const lines: string[] = []
  const waits: number[] = []
  const download = createDownloader({
    log: line => lines.push(line),
    wait: async milliseconds => waits.push(milliseconds),
    random: () => 1,
    ...options
  })
  return { download, lines, waits }
}

/** A site with a tool folder of its own, that collects what is said. */
export async function siteOf(server: ReleaseServer, overrides: Partial<ReleaseSite> = {}) {
  const lines: string[] = []
  const warnings: string[] = []
  const site: ReleaseSite = {
    base: parseBase(server.url),
    key: { armoured: server.publicKey, owner: 'the key of the tests' },
    platform: linux,
    toolFolder: join(await temporary(), 'tools'),
    download: quickDownloader().download,
    log: line => lines.push(line),
    warn: line => warnings.push(line),
    ...overrides
  }
  return { site, lines, warnings }
}

/** The ChainError that a promise fails with. */
export async function failureOf(work: Promise<unknown>): Promise<ChainError> {
  try {
    await work
  } catch (error) {
    if (error instanceof ChainError) return error
    throw error
  }
  throw new Error('It did not fail')
}

/** Every file below a folder, with `/`; nothing where there is no folder. */
export async function filesIn(folder: string): Promise<readonly string[]> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true }).catch(() => [])
  return entries
    .filter(entry => !entry.isDirectory())
    .map(entry => join(entry.parentPath, entry.name).slice(folder.length + 1))
    .sort()
}

/** Runs real programs; PATH is that of `env`. */
export function processExec(path: string): Exec & { readonly calls: readonly string[][] } {
  const calls: string[][] = []
  const capture: Exec['capture'] = (tool, args, options = {}) =>
    new Promise<Output>((resolve, reject) => {
      calls.push([tool, ...args])
      const settings = { cwd: options.cwd, env: options.env ?? {}, timeout: options.timeout ?? 0 }
      const child = execFile(tool, [...args], settings, (error, stdout, stderr) => {
        if (error && typeof error.code !== 'number') reject(error)
        else resolve({ status: error ? Number(error.code) : 0, stdout, stderr })
      })
      if (options.input === undefined) child.stdin?.end()
      else child.stdin?.end(options.input)
    })
  const which = (tool: string): string | undefined =>
    path.split(delimiter).map(folder => join(folder, tool))[0]
  return {
    calls,
    capture,
    which,
    stream: () => Promise.reject(new Error('not here'))
  }
}

/** Writes a program of shell lines; gives its path. */
export async function writeProgram(path: string, ...lines: readonly string[]): Promise<string> {
  await mkdir(dirname(path), { recursive: true })
  await writeFile(path, ['#!/bin/sh', ...lines, ''].join('\n'))
  await chmod(path, 0o755)
  return path
}
