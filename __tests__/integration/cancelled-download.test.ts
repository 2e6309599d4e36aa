import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it, onTestFinished } from 'vitest'
import { runCli } from '../fixtures/program.js'
import { manifest, temporaryProject, writeTree } from '../fixtures/project.js'
import { stalling, startReleaseServer } from '../fixtures/release-server.js'
import { standIns } from '../fixtures/stand-ins.js'
import { temporaryFolder } from '../fixtures/temporary-folder.js'

const ARCHIVE = /packer_.*\.zip$/

/** A release whose archive comes to a stop on its way. */
async function stalledRelease() {
  const program = Buffer.from('#!/bin/sh\necho Packer v1.15.0\n')
  const builds = [{ os: process.platform, arch: 'amd64', program }]
  const server = await startReleaseServer({
    releases: [{ product: 'packer', version: '1.15.0', builds }],
    tamper: stalling(ARCHIVE, 50)
  })
  onTestFinished(() => server.close())
  return server
}

/** Ends a build by a signal while it downloads Packer; `left` has what lies in its folders then. */
async function endedWhileDownloading(signal: NodeJS.Signals) {
  const server = await stalledRelease()
  const root = temporaryProject()
  const [tools, temporary] = [temporaryFolder(), temporaryFolder()]
  const base = { type: 'docker', image: 'scratch', commit: true }
  writeTree(root, {
    'docker/IMAGES.json': manifest({ tag: 'acme/app:1', file: 'app.json' }),
    'docker/packer/app.json': JSON.stringify({ builders: [base] }),
    'key.asc': server.publicKey
  })
  const env = { ...standIns().env, RUNNER_TOOL_CACHE: tools, TMPDIR: temporary }
  const args = ['--packer-version', '1.15.0', '--packer-releases', server.url]
  let pid = 0
  const ended = runCli(['build', ...args, '--packer-releases-key', join(root, 'key.asc')], {
    cwd: root,
    env,
    started: started => (pid = started)
  })
  const partial = () =>
    (readdirSync(tools, { recursive: true }) as string[]).filter(path => ARCHIVE.test(path))
  const left = () => [...partial(), ...readdirSync(temporary)]
  await expect.poll(partial, { timeout: 30_000 }).toHaveLength(1)
  process.kill(pid, signal)
  return { ...(await ended), left, env }
}

describe('a download that is under way', () => {
  it('ends with the run that is interrupted, which removes what has come of it and tells of its images', async () => {
    const { status, stderr, left } = await endedWhileDownloading('SIGINT')
    expect(status, stderr).toBe(130)
    expect(left()).toEqual([])
    const report = readFileSync(/^report: (.*)$/m.exec(stderr)?.[1] ?? '', 'utf8')
    expect(JSON.parse(report)).toMatchObject({
      images: [{ status: 'skipped', reason: 'interrupted' }]
    })
  })

  it('of a run that is killed is removed by the next run', async () => {
    const { left, env } = await endedWhileDownloading('SIGKILL')
    expect(left()).toHaveLength(2)
    const next = temporaryProject()
    writeTree(next, { 'docker/IMAGES.json': manifest() })
    const { stderr } = await runCli(['build'], { cwd: next, env })
    expect(stderr).toContain('removed what a killed run had left: 2 temporary files')
    expect(left()).toEqual([])
  })
})
