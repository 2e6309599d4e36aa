import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { runAction, runCli } from '../fixtures/program.js'
import { manifest, temporaryProject, writeTree } from '../fixtures/project.js'
import { type StandIns, standIns } from '../fixtures/stand-ins.js'

const ALL = ['r.io/base:1', 'r.io/app:1', 'r.io/app:stable', 'r.io/last:1']

/** A base, an app on it with two tags, something that is never pushed, and a last on that. */
function chain(): { readonly root: string; readonly tools: StandIns } {
  const root = temporaryProject()
  writeTree(root, {
    'docker/IMAGES.json': manifest(
      { tag: 'r.io/base:1', dockerfile: 'base.Dockerfile' },
      { tag: 'r.io/app:1', dockerfile: 'app.Dockerfile', tags: ['r.io/app:stable'] },
      { tag: 'r.io/own:1', dockerfile: 'own.Dockerfile', push: false },
      { tag: 'r.io/last:1', dockerfile: 'last.Dockerfile' }
    ),
    'base.Dockerfile': 'FROM scratch\n',
    'app.Dockerfile': 'FROM r.io/base:1\n',
    'own.Dockerfile': 'FROM r.io/app:1\n',
    'last.Dockerfile': 'FROM r.io/own:1\n'
  })
  return { root, tools: standIns() }
}

const build = (
  { root, tools }: ReturnType<typeof chain>,
  env: Readonly<Record<string, string>> = {},
  ...args: string[]
) => runCli(['build', ...args], { cwd: root, env: { ...tools.env, ...env } })

interface Row {
  readonly tags: readonly string[]
  readonly digest: string | null
  readonly pushed?: readonly string[]
  readonly push?: { readonly status: string; readonly reason: string } | null
}

const imagesOf = (path: string) =>
  (JSON.parse(readFileSync(path, 'utf8')) as { images: readonly Row[] }).images

describe('build --push', () => {
  it('pushes the tags of all images after the last is built, bases first, and prints them as ever', async () => {
    const given = chain()
    const { status, stdout, stderr } = await build(given, {}, '--push')
    expect(given.tools.pushes()).toEqual(ALL)
    const verbs = given.tools.calls().map(({ args }) => args[0])
    expect(verbs.lastIndexOf('build')).toBeLessThan(verbs.indexOf('push'))
    const digest = given.tools.published()['r.io/base:1']
    expect(stderr).toContain('==> push r.io/base:1\n$ docker push r.io/base:1\nThe push refers to')
    expect(stderr).toMatch(`<== r.io/base:1 pushed in `)
    expect(stderr).toContain(`: ${digest}\n`)
    expect(stdout.split('\n')).toEqual([...ALL.slice(0, 3), 'r.io/own:1', 'r.io/last:1', ''])
    expect(status).toBe(0)
  })

  it('pushes nothing where it is not asked for, nor for a plan', async () => {
    const given = chain()
    await build(given)
    await build(given, {}, '--push', '--dry-run')
    await runCli(['plan', '--push'], { cwd: given.root, env: given.tools.env })
    expect(given.tools.pushes()).toEqual([])
  })

  it('pushes nothing where an image has failed', async () => {
    const given = chain()
    writeTree(given.root, { 'last.Dockerfile': 'FROM r.io/own:1\n# exit 3\n' })
    const { status, stderr } = await build(given, {}, '--push')
    expect(given.tools.pushes()).toEqual([])
    expect(stderr).toContain('nothing is pushed: r.io/last:1 is failed')
    expect(status).toBe(1)
  })

  it('pushes only what is chosen', async () => {
    const given = chain()
    await build(given, {}, '--push', 'r.io/app:1', '--skip-images', 'r.io/base:1')
    expect(given.tools.pushes()).toEqual(['r.io/app:1', 'r.io/app:stable'])
  })

  it('says what to look at where a registry refuses, and reports what was pushed before', async () => {
    const given = chain()
    const report = join(given.root, 'report.json')
    const env = { STAND_IN_PUSH: 'r.io/app:stable 1 denied: no such permission' }
    const { status, stdout, stderr } = await build(given, env, '--push', '--report', report)
    expect(status).toBe(1)
    expect(stderr).toContain('push of r.io/app:stable failed: r.io refused it: denied: no such')
    expect(stderr).toContain('`docker login r.io`')
    expect(stderr).toContain('pushed before: r.io/app:1')
    expect(stdout.split('\n')).toContain('r.io/last:1')
    const rows = imagesOf(report)
    expect(rows.map(({ pushed }) => pushed)).toEqual([['r.io/base:1'], ['r.io/app:1'], [], []])
    expect(rows.map(({ push }) => push?.status)).toEqual(['pushed', 'failed', undefined, 'blocked'])
    const digests = given.tools.published()
    expect(rows.map(({ digest }) => digest)).toEqual([
      digests['r.io/base:1'],
      digests['r.io/app:1'],
      null,
      null
    ])
    expect(given.tools.pushes()).toEqual(['r.io/base:1', 'r.io/app:1', 'r.io/app:stable'])
  })

  it('goes on the second time: builds nothing, and pushes what is not there', async () => {
    const given = chain()
    await build(given, { STAND_IN_PUSH: 'r.io/app:stable 1 denied' }, '--push')
    const before = given.tools.pushes().length
    const { status, stderr } = await build(given, {}, '--push')
    expect(status).toBe(0)
    expect(given.tools.builds()).toHaveLength(4)
    expect(given.tools.pushes().slice(before)).toEqual(['r.io/app:stable', 'r.io/last:1'])
    expect(stderr).toContain('<== r.io/base:1 pushed before: sha256:')
  })

  it('tries again after a failure that passes by itself', async () => {
    const given = chain()
    const env = { STAND_IN_PUSH: 'r.io/base:1 1 received unexpected HTTP status: 503 ' }
    const { status, stderr } = await build(given, env, '--push', '--retries', '1')
    expect(given.tools.pushes()).toEqual(['r.io/base:1', 'r.io/base:1'])
    expect(stderr).toContain('warning: r.io/base:1: attempt 1 to push failed: ')
    expect(status).toBe(1)
  })

  it('ends at once with 130 when it is interrupted, and the next run pushes the rest', async () => {
    const given = chain()
    const report = join(given.root, 'report.json')
    const isPushing = () => given.tools.pushes().includes('r.io/app:1')
    const { status, stderr } = await runCli(['build', '--push', '--report', report], {
      cwd: given.root,
      env: { ...given.tools.env, STAND_IN_PUSH: 'r.io/app:1 hang' },
      started: pid => void interruptWhen(pid, isPushing)
    })
    expect(stderr).toContain('interrupted')
    expect(status).toBe(130)
    expect(existsSync(report)).toBe(true)
    expect(given.tools.pushes()).toEqual(['r.io/base:1', 'r.io/app:1'])
    await build(given, {}, '--push')
    expect(given.tools.builds()).toHaveLength(4)
    expect(Object.keys(given.tools.published())).toEqual(ALL)
  })
})

/** Sends a SIGINT as soon as something is so. */
async function interruptWhen(pid: number, isSo: () => boolean) {
  while (!isSo()) await new Promise(resolve => setTimeout(resolve, 20))
  process.kill(pid, 'SIGINT')
}

describe('a step with push', () => {
  const inputs = { push: 'true' }

  it('gives the digests of the registry in its outputs, and groups each push', async () => {
    const { root, tools } = chain()
    const step = await runAction({ workspace: root, inputs, env: tools.env })
    expect(step.status).toBe(0)
    const digests = tools.published()
    const rows = JSON.parse(step.outputs.images ?? '') as readonly Row[]
    expect(rows.map(({ tags, digest }) => [tags[0], digest])).toEqual([
      ['r.io/base:1', digests['r.io/base:1']],
      ['r.io/app:1', digests['r.io/app:1']],
      ['r.io/own:1', null],
      ['r.io/last:1', digests['r.io/last:1']]
    ])
    expect(step.stdout).toMatch(/::group::push r\.io\/base:1\n::stop-commands::([0-9a-f]{64})\n/)
  })

  it('sets its outputs and annotates the image where a push fails, once', async () => {
    const { root, tools } = chain()
    const env = { ...tools.env, STAND_IN_PUSH: 'r.io/app:1 1 unauthorized: log in' }
    const step = await runAction({ workspace: root, inputs, env })
    expect(step.status).toBe(1)
    expect(step.outputs.tags).toContain('r.io/last:1')
    const rows = JSON.parse(step.outputs.images ?? '') as readonly Row[]
    expect(rows.map(({ digest }) => digest !== null)).toEqual([true, false, false, false])
    expect(step.stdout.match(/^::error /gm)).toHaveLength(1)
    expect(step.stdout).toMatch(
      /^::error title=push of r\.io\/app%3A1 failed[^,]*,file=docker\/IMAGES\.json,line=7,col=5::.*docker login r\.io/m
    )
  })
})
