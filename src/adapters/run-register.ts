import {
  appendFileSync,
  lstatSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  statSync,
  unlinkSync,
  writeFileSync
} from 'node:fs'
import { basename, dirname, isAbsolute, join } from 'node:path'
import type { ProcessIdentity } from './process-identity.js'

/** What is written down of a run while it lasts, for whoever tidies up after it was killed. */
export interface RunEntry {
  readonly id: string
  readonly process: ProcessIdentity
  /** Id of its machine, since names of machines are given twice; empty where it has none (machine-id(5)). */
  readonly machine: string
  /** What stands for the daemon that it builds on. */
  readonly daemon: string
  /** `name=value` of its containers. */
  readonly label: string
  /** `name=value` of containers that may outlive it: those that were kept do. */
  readonly keptLabel: string
  /** Folder of its temporary files. */
  readonly folder: string
}

/** An entry as it was found. */
export interface FoundEntry extends RunEntry {
  readonly file: string
  /** Absolute paths outside of the folder that were not taken back. */
  readonly paths: readonly string[]
}

const ID = /^[0-9a-f]{16}$/

/** Id of this machine; empty where it has none. */
export function machineId(): string {
  try {
    return readFileSync('/etc/machine-id', 'utf8').trim()
  } catch {
    return ''
  }
}

/** Name of the folder of a run's temporary files. */
export const folderNameOf = (id: string): string => `build-chain-${id}`

/** Names that this program gives to temporary files and folders; nothing else is ever removed. */
const OWN = [
  /^\.build-chain-[0-9a-f]{12}$/,
  /\.[0-9a-f]{12}\.tmp$/,
  /^build-chain-images(\.lock)?$/
]

/** Whether a path is that of an image's lock, which goes only where the run has it still. */
export const isLock = (path: string): boolean =>
  /\/build-chain\/projects\/[^/]+\/locks\/[0-9a-f]{32}$/.test(path)

/** Archives of releases, on their way to GitHub's cache or from it. */
const RELEASES = 'build-chain-releases'
const RELEASE = /^packer[\w.-]*$/

function isOwn(path: unknown): path is string {
  if (typeof path !== 'string' || !isAbsolute(path)) return false
  const names = path.split('/')
  const [parent, name = ''] = names.slice(-2)
  if (names.includes('..')) return false
  if (isLock(path)) return true
  return OWN.some(own => own.test(name)) || (parent === RELEASES && RELEASE.test(name))
}

const TEXTS = ['machine', 'daemon', 'label', 'keptLabel', 'folder'] as const

function isEntry(value: Partial<RunEntry> | null): value is RunEntry {
  if (!value || !ID.test(String(value.id)) || typeof value.process?.pid !== 'number') return false
  const { id, folder } = value
  const isTold = TEXTS.every(name => typeof value[name] === 'string')
  const isOfRun = [value.label, value.keptLabel].every(label => label?.endsWith(`=${id}`))
  return (
    isTold && isOfRun && isAbsolute(folder ?? '') && basename(folder ?? '') === `build-chain-${id}`
  )
}

interface Line {
  readonly path?: unknown
  readonly back?: unknown
}

/** A line that a kill left torn says nothing. */
function parse<T>(line: string): T | undefined {
  try {
    return JSON.parse(line) as T
  } catch {
    return undefined
  }
}

function pathsIn(lines: readonly string[]): readonly string[] {
  const paths = new Set<string>()
  for (const { path, back } of lines.flatMap(line => parse<Line | null>(line) ?? [])) {
    if (isOwn(path)) paths.add(path)
    if (typeof back === 'string') paths.delete(back)
  }
  return [...paths]
}

/** Reads an entry; undefined where there is none, or none that this program of this user wrote. */
export function readEntry(file: string): FoundEntry | undefined {
  try {
    if (lstatSync(file).isFile() && statSync(file).uid === process.getuid?.()) {
      const [head = '', ...lines] = readFileSync(file, 'utf8').split('\n')
      const entry = parse<Partial<RunEntry> | null>(head) ?? null
      return isEntry(entry) ? { ...entry, file, paths: pathsIn(lines) } : undefined
    }
  } catch {
    // It is gone: its run has ended.
  }
  return undefined
}

/** The entries in a folder. */
export function listEntries(folder: string): readonly FoundEntry[] {
  let names: readonly string[] = []
  try {
    names = readdirSync(folder)
  } catch {
    return []
  }
  return names.flatMap(name => readEntry(join(folder, name)) ?? [])
}

/** Takes an entry out of the register; one that cannot be removed stays for the next who tries. */
export function forgetEntry(file: string): void {
  try {
    unlinkSync(file)
  } catch {
    // It is gone, or its disk takes no changes now.
  }
}

/** What is written down of a run that goes on. */
export interface OpenEntry {
  readonly file: string
  /** Writes down a path that is to go; the answer takes it back. */
  readonly note: (path: string) => () => void
}

/** Writes a run down; undefined where that cannot be done, which keeps no run from going on. */
export function writeEntry(file: string, entry: RunEntry): OpenEntry | undefined {
  const add = (line: Line) => {
    try {
      appendFileSync(file, `${JSON.stringify(line)}\n`)
    } catch {
      // A full disk: the file that was to be noted cannot be written either.
    }
  }
  try {
    mkdirSync(dirname(file), { recursive: true, mode: 0o700 })
    writeFileSync(file, `${JSON.stringify(entry)}\n`, { mode: 0o600, flag: 'wx' })
  } catch {
    return undefined
  }
  const note = (path: string) => {
    add({ path })
    return () => add({ back: path })
  }
  return { file, note }
}
