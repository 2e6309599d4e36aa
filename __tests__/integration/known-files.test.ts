import { existsSync, readdirSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { runCli } from '../fixtures/program.js'
import { manifest, temporaryProject, writeTree } from '../fixtures/project.js'
import { standIns } from '../fixtures/stand-ins.js'
import { temporaryFolder } from '../fixtures/temporary-folder.js'

/** A project of one image whose context has more than two thousand files. */
function project() {
  const root = temporaryProject()
  const names = Array.from({ length: 2001 }, (_, at) => `data/${at % 20}/${at}`)
  writeTree(root, {
    'docker/IMAGES.json': manifest({ tag: 'acme/app:1', dockerfile: 'Dockerfile' }),
    Dockerfile: 'FROM scratch\nCOPY data /data\n',
    ...Object.fromEntries(names.map(name => [name, name]))
  })
  const state = temporaryFolder()
  const env = { ...standIns().env, XDG_STATE_HOME: state }
  const run = (...args: string[]) => runCli(args, { cwd: root, env })
  const plan = async () => {
    const { stdout } = await run('plan', '--format', 'json')
    const { action, reason, fingerprint } = JSON.parse(stdout).images[0]
    return { says: `${action}: ${reason}`, fingerprint }
  }
  const projects = join(state, 'build-chain/projects')
  const hashes = () => join(projects, readdirSync(projects)[0] ?? '', 'files.hashes')
  return { root, run, plan, hashes }
}

describe('a context of thousands of files', () => {
  it('is not looked at file by file where it is as two runs have seen it', async () => {
    const { plan, hashes } = project()
    const first = await plan()
    for (let run = 0; run < 2; run += 1) await plan()
    rmSync(hashes())
    expect(await plan()).toEqual(first)
    expect(existsSync(hashes())).toBe(false)
  })

  it('is looked at where its image is built, so that the image is known afterwards', async () => {
    const { root, run, plan } = project()
    for (let times = 0; times < 3; times += 1) await plan()
    expect((await run('build')).stderr).not.toContain('not recorded')
    expect((await plan()).says).toBe('reuse: unchanged')
    writeTree(root, { 'data/7/7': 'DATA/7/7' })
    expect((await plan()).says).toBe('build: data/7/7 changed')
  })
})
