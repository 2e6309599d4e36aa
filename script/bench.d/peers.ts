import { join } from 'node:path'
import type { Bench } from './bench.js'
import { standsOn, write } from './family.js'
import { type Call, timed } from './run.js'
import type { Peers } from './tools.js'

const json = (value: unknown) => `${JSON.stringify(value, null, 2)}\n`

const nameOf = (number: number) => `image-${number}`

function writeFiles(project: string, count: number): void {
  for (let number = 0; number < count; number += 1) {
    for (const name of ['a', 'b', 'c']) {
      write(join(project, nameOf(number), 'app', name), `${name} of ${number}\n`)
    }
  }
}

/** The same graph as scripts of wireit: each has the files of its image, and does nothing. */
function writeWireit(project: string, count: number, depth: number): void {
  writeFiles(project, count)
  const numbers = Array.from({ length: count }, (_, number) => number)
  const scripts = numbers.map(number => {
    const on = standsOn(number, depth)
    const files = [`${nameOf(number)}/app/**`]
    const dependencies = on === undefined ? [] : [nameOf(on)]
    return [nameOf(number), { command: 'true', files, output: [], dependencies }] as const
  })
  const wireit = { ...Object.fromEntries(scripts), all: { dependencies: numbers.map(nameOf) } }
  const names = Object.keys(wireit).map(name => [name, 'wireit'])
  write(
    join(project, 'package.json'),
    json({ name: 'project', version: '1.0.0', scripts: Object.fromEntries(names), wireit })
  )
}

/** The same graph as packages of a workspace that turbo builds: each has the files of its image. */
function writeTurbo(project: string, count: number, depth: number): void {
  writeFiles(project, count)
  for (let number = 0; number < count; number += 1) {
    const on = standsOn(number, depth)
    const dependencies = on === undefined ? {} : { [nameOf(on)]: '*' }
    const scripts = { build: 'true' }
    const text = json({ name: nameOf(number), version: '1.0.0', scripts, dependencies })
    write(join(project, nameOf(number), 'package.json'), text)
  }
  const root = { name: 'project', packageManager: 'npm@10.9.0', workspaces: ['image-*'] }
  write(join(project, 'package.json'), json(root))
  write(
    join(project, 'turbo.json'),
    json({ tasks: { build: { dependsOn: ['^build'], outputs: [] } } })
  )
  write(join(project, '.gitignore'), '.turbo\nnode_modules\n')
}

/** Calls of wireit and turbo that have nothing to do, since they were made once before. */
export async function unchangedPeers(
  bench: Bench,
  peers: Peers,
  { count, depth }: { readonly count: number; readonly depth: number }
): Promise<Readonly<Record<keyof Peers, Call>>> {
  const [wireit, turbo] = [bench.folder('wireit'), bench.folder('turbo')]
  writeWireit(wireit, count, depth)
  writeTurbo(turbo, count, depth)
  const git = 'git init -q . && git add -A && git -c user.name=b -c user.email=b commit -q -m b'
  await timed({ program: 'sh', args: ['-c', git], cwd: turbo })
  const calls = {
    // What `npm run all` sets, without the time that npm itself takes.
    wireit: {
      program: process.execPath,
      args: [peers.wireit],
      cwd: wireit,
      env: { npm_lifecycle_event: 'all', npm_package_json: join(wireit, 'package.json') }
    },
    turbo: {
      program: peers.turbo,
      args: ['run', 'build', '--no-update-notifier'],
      cwd: turbo,
      env: { TURBO_TELEMETRY_DISABLED: '1', DO_NOT_TRACK: '1' }
    }
  }
  for (const call of Object.values(calls)) await timed(call)
  return calls
}
