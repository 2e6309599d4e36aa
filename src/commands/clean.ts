import type { Exec, KeptThing, KeptThings } from '../ports.js'

/** By what is cleaned. */
export interface CleanPorts {
  readonly exec: Exec
  /** The environment of builders. */
  readonly env: Readonly<Record<string, string>>
  readonly kept: KeptThings
  /** What stands for the daemon in use. */
  readonly daemon: string
  readonly isRunning: (process: number) => boolean
  /** Removes a folder where it is empty. */
  readonly removeFolder: (path: string) => Promise<void>
}

/** What became of a thing that a run had left. */
export interface Cleaned {
  readonly thing: KeptThing
  readonly outcome: 'removed' | 'gone' | 'failed'
  /** What docker said of one that could not be removed. */
  readonly said?: string
}

const GONE = /no such (object|container|image)/i

/** An image's tag may have been given to another image since: that one is not ours. */
async function isOurs(
  { kind, id, name }: KeptThing,
  { exec, env }: CleanPorts
): Promise<boolean | string> {
  const args =
    kind === 'container'
      ? ['container', 'inspect', '--format', '{{.Id}}', id]
      : ['image', 'inspect', '--format', '{{.Id}}', name]
  const { status, stdout, stderr } = await exec.capture('docker', args, { env })
  if (status === 0) return stdout.trim() === id
  return GONE.test(stderr) ? false : stderr.trim()
}

async function cleanOne(thing: KeptThing, ports: CleanPorts): Promise<Cleaned> {
  const { exec, env, kept } = ports
  const ours = await isOurs(thing, ports)
  if (typeof ours === 'string') return { thing, outcome: 'failed', said: ours }
  if (ours) {
    const args =
      thing.kind === 'container'
        ? ['container', 'rm', '--force', '--volumes', thing.id]
        : ['image', 'rm', thing.name]
    const { status, stderr } = await exec.capture('docker', args, { env })
    if (status !== 0 && !GONE.test(stderr)) return { thing, outcome: 'failed', said: stderr.trim() }
  }
  if (thing.folder) await ports.removeFolder(thing.folder)
  kept.forget(thing)
  return { thing, outcome: ours ? 'removed' : 'gone' }
}

/** What runs have left on this daemon, less what a run is using. */
export function leftBehind({ kept, daemon, isRunning }: CleanPorts): readonly KeptThing[] {
  return kept
    .list()
    .filter(thing => thing.daemon === daemon)
    .filter(thing => thing.process === undefined || !isRunning(thing.process))
}

/** Removes what runs have left on purpose, and nothing else: a thing is known by its whole id. */
export async function clean(ports: CleanPorts): Promise<readonly Cleaned[]> {
  const cleaned: Cleaned[] = []
  for (const thing of leftBehind(ports)) cleaned.push(await cleanOne(thing, ports))
  return cleaned
}
