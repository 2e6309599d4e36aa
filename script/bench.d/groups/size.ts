import { mkdirSync, readdirSync, readFileSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { actionCall, stepFiles } from '../action-step.js'
import { type Bench, ROOT } from '../bench.js'
import { daemonAnswers } from '../daemon.js'
import { ratioAtMost } from '../figures.js'
import { builtFamily } from '../projects.js'
import { timed } from '../run.js'
import { PLAIN } from '../settings.js'

const DIST = join(ROOT, 'dist')
const LOADED = 300_000
/** The smallest bundle of docker/build-push-action, docker/bake-action and hashicorp/setup-packer. */
const SMALLEST_PEER = 2_300_000

/** V8 lists every script that ran, when its coverage is asked for. https://nodejs.org/api/cli.html#node_v8_coveragedir */
interface Coverage {
  readonly result: readonly { readonly url: string }[]
}

/** Bytes of the modules of dist that a call loads. */
async function loadedBytes(bench: Bench, call: ReturnType<typeof actionCall>): Promise<number> {
  const folder = bench.folder('coverage')
  mkdirSync(folder, { recursive: true })
  await timed({ ...call, env: { ...call.env, NODE_V8_COVERAGE: folder } })
  const files = readdirSync(folder).flatMap(name => {
    const { result } = JSON.parse(readFileSync(join(folder, name), 'utf8')) as Coverage
    return result.flatMap(({ url }) => (url.startsWith('file:') ? [fileURLToPath(url)] : []))
  })
  bench.removeFolder('coverage')
  const own = [...new Set(files)].filter(file => file.startsWith(DIST))
  return own.reduce((sum, file) => sum + statSync(file).size, 0)
}

function distBytes(): number {
  return readdirSync(DIST, { recursive: true, withFileTypes: true })
    .filter(entry => entry.isFile())
    .reduce(
      (sum, entry) => sum + statSync(join(entry.parentPath ?? entry.path, entry.name)).size,
      0
    )
}

/** How much there is to load, and to check out. */
export async function size(bench: Bench): Promise<void> {
  if (await daemonAnswers()) {
    const { project, state } = await builtFamily(bench, 24, 8)
    const files = stepFiles(bench)
    const call = actionCall({
      workspace: project,
      state,
      node: process.execPath,
      files,
      setting: PLAIN
    })
    bench.add(
      {
        id: 'size-loaded',
        name: 'modules that the action loads with nothing to build',
        against: '300 KB',
        unit: 'bytes',
        kind: 'cost',
        bars: [ratioAtMost(1)]
      },
      [await loadedBytes(bench, call)],
      [LOADED]
    )
  } else bench.leaveOut('what the action loads: no Docker daemon answers')
  bench.add(
    {
      id: 'size-dist',
      name: 'the whole of `dist`',
      against: 'the smallest bundle of a peer, 2.3 MB',
      unit: 'bytes',
      kind: 'cost',
      bars: [ratioAtMost(1)]
    },
    [distBytes()],
    [SMALLEST_PEER]
  )
}
