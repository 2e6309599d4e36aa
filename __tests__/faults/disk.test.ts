import { spawnSync } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it, onTestFinished } from 'vitest'
import { startCacheServer } from '../fixtures/cache-server.js'
import { DIAMOND_TAGS, diamond } from '../fixtures/fault-chain.js'
import { buildFrom, filesBelow, openYard } from '../fixtures/modern-machine.js'
import { NEEDS_PLUGIN, standInPlugin, standInRelease } from '../fixtures/modern-stand-in.js'
import {
  type Finished,
  parseRunnerFile,
  runAction,
  runCli,
  runProgram
} from '../fixtures/program.js'
import { manifest, temporaryProject, writeTree } from '../fixtures/project.js'
import { startReleaseServer } from '../fixtures/release-server.js'
import { fillDisk, smallDisk } from '../fixtures/small-disk.js'
import { standIns } from '../fixtures/stand-ins.js'
import { temporaryFolder } from '../fixtures/temporary-folder.js'

const told = ({ status, stderr }: Finished) => `exit status ${status}\n${stderr}`

const ENDED_WELL = /^exit status 0\n/

interface Reported {
  readonly name: string
  readonly status: string
}

const reportAt = (path: string) =>
  (JSON.parse(readFileSync(path, 'utf8')) as { images: readonly Reported[] }).images

function fullDisk(): string {
  const folder = smallDisk(1 << 20)
  fillDisk(folder)
  return folder
}

/** Dockerfiles that say so much, in bytes. */
function talkative(bytes: number, then = ''): string {
  const cwd = temporaryProject()
  const lines = Array.from(
    { length: bytes / 1024 },
    (_, n) => `# say ${String(n).padEnd(1019, '.')}`
  )
  writeTree(cwd, {
    'docker/IMAGES.json': manifest({ tag: 'acme/loud:1', dockerfile: 'Dockerfile' }),
    Dockerfile: `FROM scratch\n${lines.join('\n')}\n# say the end\n${then}\n`
  })
  return cwd
}

describe('a full disk', () => {
  it('for state and logs loses no image: logs and report go elsewhere, and a warning says where', async () => {
    const { env } = standIns()
    const run = await runCli(['build'], {
      cwd: diamond(),
      env: { ...env, XDG_STATE_HOME: fullDisk(), TMPDIR: temporaryFolder() }
    })
    expect(told(run)).toMatch(ENDED_WELL)
    expect(run.stdout).toBe(DIAMOND_TAGS)
    expect(run.stderr).toMatch(/warning: logs and report go to \S+, .*ENOSPC/)
    const [, report = ''] = /^report: (.*)$/m.exec(run.stderr) ?? []
    expect(reportAt(report)).toHaveLength(4)
  })

  it('that fills while an image is built cuts its log, and fails neither it nor the run', async () => {
    const { env } = standIns()
    const report = join(temporaryFolder(), 'report.json')
    const run = await runCli(['build', '--report', report], {
      cwd: talkative(2 << 20),
      env: { ...env, XDG_STATE_HOME: smallDisk(1 << 20) }
    })
    expect(run.stdout).toBe('acme/loud:1\n')
    expect(run.stderr).toMatch(/does not hold the whole log: ENOSPC/)
    expect(run.status).toBe(0)
    expect(reportAt(report).map(each => each.status)).toEqual(['built'])
  })

  it('for logs still lets a failed build tell its last lines', async () => {
    const { env } = standIns()
    const run = await runCli(['build', '--quiet'], {
      cwd: talkative(2 << 20, '# exit 7'),
      env: { ...env, XDG_STATE_HOME: smallDisk(1 << 20) }
    })
    expect(run.stderr).toContain('acme/loud:1 failed: docker ended with exit status 7')
    expect(run.stderr).toMatch(/last lines:\n +\d+\.{100}/)
    expect(run.status).toBe(1)
  })

  it('for what the options ask for fails the run with its path, and the images are told before', async () => {
    const { env } = standIns()
    const folder = fullDisk()
    const words = ['report', 'report-html', 'trace'].flatMap(each => [
      `--${each}`,
      join(folder, each)
    ])
    const run = await runCli(['build', ...words], { cwd: diamond(), env })
    expect(run.stdout).toBe(DIAMOND_TAGS)
    for (const each of ['report', 'report-html', 'trace']) {
      expect(run.stderr).toContain(`warning: ${join(folder, each)}: cannot be written: ENOSPC`)
    }
    expect(run.stderr).toMatch(
      /^build-chain: \S+: cannot be written: ENOSPC.*\n.*on a disk with room/m
    )
    expect(run.status).toBe(1)
  })

  it('for all that a runner keeps leaves an action its outputs, and its report elsewhere', async () => {
    const { env } = standIns()
    const step = await runAction({
      workspace: diamond(),
      env: { ...env, RUNNER_TEMP: fullDisk(), TMPDIR: temporaryFolder() }
    })
    expect(step.outputs.tags?.split('\n')).toEqual(DIAMOND_TAGS.trim().split('\n'))
    expect(reportAt(step.outputs.report ?? '')).toHaveLength(4)
    expect(step.stdout).toContain('::warning')
    expect(step.status).toBe(0)
  })

  it('for temporary files is told with its place before anything is built', async () => {
    const tools = standIns()
    const folder = fullDisk()
    const run = await runCli(['build'], { cwd: diamond(), env: { ...tools.env, TMPDIR: folder } })
    expect(run.stderr).toContain(`build-chain: ${folder}/build-chain-`)
    expect(run.stderr).toContain(': cannot be written: ENOSPC')
    expect(run.stderr).toContain('Make room on its disk')
    expect(run.status).toBe(1)
    expect(tools.builds()).toEqual([])
  })

  it.each([
    ['standard output', '>/dev/full', 1],
    ['standard error', '2>/dev/full', 1],
    ['a reader that has gone', '2>&1 | head -n 1 >/dev/null', 0]
  ])('or another fault of %s ends no run', async (_name, redirection, status) => {
    const { env } = standIns()
    const cwd = diamond()
    const report = join(cwd, 'report.json')
    const line = `"$0" "$1" build --report "$2" ${redirection}`
    const script = `set -o pipefail; ${line}`
    const cli = join(import.meta.dirname, '../../dist/cli.js')
    const run = await runProgram('bash', ['-c', script, process.execPath, cli, report], {
      cwd,
      env
    })
    expect(run.status).toBe(status)
    expect(reportAt(report).map(each => each.status)).toEqual(Array(4).fill('built'))
  })
})

it('a step whose log nobody reads any more still gives its outputs', async () => {
  const workspace = diamond()
  const folder = temporaryFolder()
  const output = join(folder, 'output')
  writeTree(folder, { output: '' })
  const main = join(import.meta.dirname, '../../dist/main.js')
  const script = 'set -o pipefail; "$0" "$1" | head -n 1 >/dev/null'
  const run = await runProgram('bash', ['-c', script, process.execPath, main], {
    cwd: workspace,
    env: {
      ...standIns().env,
      GITHUB_ACTIONS: 'true',
      GITHUB_WORKSPACE: workspace,
      GITHUB_OUTPUT: output,
      RUNNER_TEMP: join(folder, 'temp')
    }
  })
  expect(told(run)).toMatch(ENDED_WELL)
  expect(parseRunnerFile(readFileSync(output, 'utf8')).tags?.split('\n')).toEqual(
    DIAMOND_TAGS.trim().split('\n')
  )
})

describe('a full disk for caches', () => {
  it.each([
    ['the archive of Packer', 8192, []],
    ['a plugin beside Packer', 40_960, ['packer_1.15.0_SHA256SUMS']]
  ])(
    'that has no room for %s ends the run with place and remedy, and keeps nothing that is half',
    async (_what, bytes, kept) => {
      const yard = openYard('bc-disk')
      onTestFinished(() => yard.remove())
      const server = await startReleaseServer({ releases: [standInRelease(), standInPlugin()] })
      onTestFinished(() => server.close())
      const machine = yard.machine()
      const cache = smallDisk(bytes)
      const call = { machine, server, project: yard.project(NEEDS_PLUGIN) }
      const run = await buildFrom({ ...call, env: { XDG_CACHE_HOME: cache } })
      const [, error = ''] = run.stderr.split('build-chain: ')
      expect(error).toContain(`${cache}/build-chain/tools/`)
      expect(error).toMatch(/cannot be written: ENOSPC.*\nMake room.*XDG_CACHE_HOME/)
      expect(run.status).toBe(1)
      const names = filesBelow(cache).map(path => path.split('/').at(-1))
      expect(names.filter(name => name?.endsWith('SHA256SUMS'))).toEqual(kept)
      expect(filesBelow(cache).filter(path => /plugin|\.build-chain-/.test(path))).toEqual([])
      expect(filesBelow(machine.temporary)).toEqual([])
      expect(told(await buildFrom(call))).toMatch(ENDED_WELL)
    }
  )

  it("does not matter to GitHub's cache, which is filled from none", async () => {
    const workspace = temporaryProject()
    const tag = `build-chain-faults-disk-${process.pid}:1`
    writeTree(workspace, {
      'docker/IMAGES.json': manifest({ tag, dockerfile: 'Dockerfile' }),
      Dockerfile: 'FROM scratch\nCOPY given /given\n',
      given: randomBytes(3 << 19).toString('base64')
    })
    onTestFinished(() => void spawnSync('docker', ['rmi', '--force', tag]))
    const server = await startCacheServer({ workspace, temporary: smallDisk(1 << 20) })
    const step = await runAction({
      workspace,
      inputs: { reuse: 'local,github' },
      env: { ...server.variables, XDG_STATE_HOME: temporaryFolder() }
    })
    expect(step.stdout).not.toContain('::warning::')
    expect(step.outputs.tags).toBe(tag)
    expect(step.status).toBe(0)
    expect(server.entries[0]?.content?.length).toBeGreaterThan(1 << 20)
    const left = filesBelow(server.variables.RUNNER_TEMP ?? '')
    expect(left.filter(path => !/\.(log|html|json)$/.test(path))).toEqual([])
  })
})
