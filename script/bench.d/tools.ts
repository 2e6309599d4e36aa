import { existsSync, readdirSync } from 'node:fs'
import { homedir } from 'node:os'
import { join } from 'node:path'
import { ROOT } from './bench.js'
import { output, timed } from './run.js'

/** Where what is fetched is kept between runs. */
export const cacheFolder = (): string =>
  join(process.env.XDG_CACHE_HOME ?? join(homedir(), '.cache'), 'build-chain')

/** A Node, and the number of its major version. */
export interface NodeProgram {
  readonly path: string
  readonly major: number
}

const majorOf = async (path: string): Promise<number> =>
  Number(await output({ program: path, args: ['-p', 'process.versions.node.split(".")[0]'] }))

/** The Node that runs this. */
export const ownNode = async (): Promise<NodeProgram> => ({
  path: process.execPath,
  major: await majorOf(process.execPath)
})

/** Node 24, fetched where it is missing; undefined where it cannot be had. */
export async function findNode24(): Promise<NodeProgram | undefined> {
  try {
    const call = { program: join(ROOT, 'script/setup'), args: ['--node24'], fetches: true }
    const path = (await output(call)).trim()
    return { path, major: await majorOf(path) }
  } catch {
    return undefined
  }
}

/** Task runners that remember what is unchanged, at the versions that are compared. */
const PEERS = { wireit: '0.14.13', turbo: '2.11.11' } as const

/** Where the programs of the peers are. */
export interface Peers {
  readonly wireit: string
  readonly turbo: string
}

/** The program of turbo itself, without the one of Node that starts it. */
function turboProgram(modules: string): string {
  const scope = join(modules, '@turbo')
  const [own = ''] = existsSync(scope) ? readdirSync(scope) : []
  return join(scope, own, 'bin/turbo')
}

/**
 * Installs the peers by npm where they are not yet.
 * @throws Error where npm cannot get them
 */
export async function installPeers(): Promise<Peers> {
  const versions = Object.entries(PEERS).map(([name, version]) => `${name}@${version}`)
  const folder = join(cacheFolder(), `bench-${versions.join('-')}`)
  const modules = join(folder, 'node_modules')
  const peers = { wireit: join(modules, 'wireit/bin/wireit.js'), turbo: turboProgram(modules) }
  if (existsSync(peers.wireit) && existsSync(peers.turbo)) return peers
  const args = ['install', '--prefix', folder, '--ignore-scripts', '--no-audit', '--no-fund']
  await timed({ program: 'npm', args: [...args, ...versions], fetches: true })
  return { ...peers, turbo: turboProgram(modules) }
}

/**
 * The folder of buildx and buildkitd.
 * @throws Error where they are not built, and cannot be
 */
export async function findBuildx(): Promise<string> {
  return (await output({ program: join(ROOT, 'script/buildx'), args: [], fetches: true })).trim()
}

/** A static busybox of this machine's; undefined where there is none. */
export async function staticBusybox(): Promise<string | undefined> {
  const line =
    'file=$(PATH=/bin:/usr/bin:$PATH command -v busybox) && ! ldd "$file" >/dev/null 2>&1 && echo "$file"'
  return output({ program: 'sh', args: ['-c', line] }).then(
    path => path.trim(),
    () => undefined
  )
}
