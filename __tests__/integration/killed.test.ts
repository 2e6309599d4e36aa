import { readdirSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { runAction, runCli } from '../fixtures/program.js'
import { programsWith } from '../fixtures/programs-with.js'
import { manifest, temporaryProject, writeTree } from '../fixtures/project.js'
import { standIns } from '../fixtures/stand-ins.js'
import { temporaryFolder } from '../fixtures/temporary-folder.js'

/** A step that is killed while its builder runs. */
async function killed() {
  const root = temporaryProject()
  writeTree(root, {
    'docker/IMAGES.json': manifest({ tag: 'acme/app:1', dockerfile: 'Dockerfile' }),
    Dockerfile: 'FROM scratch\n# sleep 600\n'
  })
  const tools = standIns()
  const temporary = temporaryFolder()
  const state = join(tools.env.XDG_STATE_HOME ?? '', 'build-chain/running')
  const env = { ...tools.env, TMPDIR: temporary }
  let pid = 0
  const ended = runAction({ workspace: root, env, started: started => (pid = started) })
  await expect.poll(() => tools.builds(), { timeout: 30_000 }).toHaveLength(1)
  process.kill(pid, 'SIGKILL')
  const step = await ended
  const left = () => ({
    programs: programsWith(`STAND_IN_HOME=${tools.env.STAND_IN_HOME}`).length,
    files: [temporary, state].flatMap(folder => readdirSync(folder)).length
  })
  expect(left()).toEqual({ programs: 1, files: 2 })
  return { root, tools, env, step, left }
}

const NOTHING = { programs: 0, files: 0 }

describe('what a killed run has left', () => {
  it('lies in folders of the run, whatever Packer is asked', async () => {
    const root = temporaryProject()
    const builders = [{ type: 'docker', image: 'scratch', commit: true }]
    writeTree(root, {
      'docker/IMAGES.json': manifest({ file: 'a.json', tag: 'acme/a:1' }),
      'docker/packer/a.json': JSON.stringify({ builders })
    })
    const tools = standIns()
    const temporary = temporaryFolder()
    await runCli(['build'], { cwd: root, env: { ...tools.env, TMPDIR: temporary } })
    const calls = tools.calls().filter(({ tool }) => tool === 'packer')
    expect(calls.map(({ args }) => args[0])).toEqual(expect.arrayContaining(['version', 'build']))
    const folders = calls.map(({ env }) => env.TMPDIR)
    expect(new Set(folders)).toEqual(new Set([expect.stringMatching(`^${temporary}/build-chain-`)]))
  })

  it('is removed by the post step, which asks for containers by the label of the run alone', async () => {
    const { root, tools, env, step, left } = await killed()
    const { state } = step
    const post = await runAction({ workspace: root, entry: 'post.js', state, env })
    expect(post.stdout).toBe('removed what a killed run had left: 1 process, 2 temporary files\n')
    expect(left()).toEqual(NOTHING)
    const asked = tools.calls().flatMap(({ args }) => (args[0] === 'ps' ? [args.at(-1)] : []))
    const id = state.label?.split('=')[1]
    expect(new Set(asked)).toEqual(
      new Set([`label=${state.label}`, `label=io.github.corpusops.build-chain.kept=${id}`])
    )
  })

  it('is removed by the next run of any project, before it builds', async () => {
    const { env, left } = await killed()
    const other = temporaryProject()
    writeTree(other, {
      'docker/IMAGES.json': manifest({ tag: 'acme/other:1', dockerfile: 'Dockerfile' }),
      Dockerfile: 'FROM scratch\n'
    })
    const { status, stderr } = await runCli(['build'], { cwd: other, env })
    expect(stderr).toContain('removed what a killed run had left: 1 process, 2 temporary files\n')
    expect(status).toBe(0)
    expect(left()).toEqual(NOTHING)
  })

  it('is left by a run on another daemon, and by a plan', async () => {
    const { root, env, left } = await killed()
    const elsewhere = { ...env, DOCKER_HOST: 'tcp://other' }
    const other = temporaryProject()
    writeTree(other, { 'docker/IMAGES.json': manifest() })
    await runCli(['build'], { cwd: other, env: elsewhere })
    await runCli(['plan'], { cwd: root, env })
    expect(left()).toEqual({ programs: 1, files: 2 })
    await runCli(['build'], { cwd: other, env })
    expect(left()).toEqual(NOTHING)
  })
})
