import { spawnSync } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, expect, it } from 'vitest'
import { docker, importBase, named, removeOurs, watch } from '../fixtures/reuse-daemon.js'
import { dockerSight } from '../fixtures/reuse-docker.js'
import {
  EDITS,
  FILES,
  IGNORES,
  LINKS,
  STEPS,
  type Written,
  writeProject
} from '../fixtures/reuse-edits.js'
import { ReuseProject } from '../fixtures/reuse-project.js'
import { SeededRandom } from '../fixtures/reuse-random.js'

/** The unit tests hold the program against a model of `docker build`; this holds the model against it. */
const CASES = Number(process.env.REUSE_MODEL_CASES ?? 40)
const FIRST_SEED = Number(process.env.REUSE_SEED ?? 1)

afterAll(removeOurs)

const COPIES = STEPS.filter(step => /^(COPY|ADD) (?!--from)/.test(step))
const FILE_EDITS = EDITS.filter(
  ({ name, filesOnly }) => filesOnly || name.startsWith('.dockerignore')
)

interface Builder {
  readonly program: string
  readonly env: Readonly<Record<string, string>>
}

/** The image id that the real builder gives; undefined where it fails. */
function realId(project: ReuseProject, { program, env }: Builder): string | undefined {
  const args = [
    'build',
    '-q',
    '-f',
    project.path('Dockerfile.app'),
    '-t',
    named('model'),
    project.root
  ]
  const { status } = spawnSync(program, args, { env: { ...process.env, ...env } })
  return status === 0 ? docker('inspect', '--format', '{{.Id}}', named('model')) : undefined
}

/** What the model says that the image holds; undefined where its build fails. */
function modelled(project: ReuseProject): string | undefined {
  const args = ['build', '-f', project.path('Dockerfile.app'), project.root]
  const bases = { find: () => ({ content: 'base', onbuild: [] }) }
  try {
    return dockerSight({ args, env: {} }, bases).content
  } catch {
    return undefined
  }
}

function start(project: ReuseProject, random: SeededRandom): Written {
  for (const [path, text] of Object.entries(FILES)) project.write(path, text, 0o644)
  for (const [path, target] of Object.entries(LINKS)) project.link(target, path)
  const written: Written = {
    steps: random.some(COPIES, 0.25),
    ignored: random.some(IGNORES, 0.3),
    argument: 'plain',
    comment: 'a',
    given: '1'
  }
  writeProject(project, written)
  return written
}

/** Writes the Dockerfile for the real daemon, whose base has another name. */
function rebase(project: ReuseProject, { steps }: Written): void {
  project.write('Dockerfile.app', [`FROM ${named('base')}`, ...steps, ''].join('\n'))
}

/** Whether the edit changed what the real builder makes, and what the model says. */
function compare(seed: number, builder: Builder): { real: boolean; model: boolean; story: string } {
  const folder = mkdtempSync(join(tmpdir(), 'build-chain-model-'))
  try {
    const project = new ReuseProject(folder)
    const random = new SeededRandom(seed)
    const written = start(project, random)
    const edit = random.pick(FILE_EDITS)
    const look = () => {
      rebase(project, written)
      return { real: realId(project, builder), model: modelled(project) }
    }
    const before = look()
    edit.apply(project, written)
    const after = look()
    return {
      real: before.real !== after.real,
      model: before.model !== after.model,
      story: `seed ${seed}: ${edit.name}; ${written.steps.join('; ')}; ${written.ignored}`
    }
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}

it.each([
  ['the classic builder', { DOCKER_BUILDKIT: '0' }],
  ['BuildKit', { DOCKER_BUILDKIT: '1' }]
])('the model sees all that %s sees, and little more', (_, settings) => {
  importBase('base')
  const program = join(watch(settings).env.PATH?.split(':')[0] ?? '', 'docker')
  const seeds = Array.from({ length: CASES }, (_, at) => FIRST_SEED + at)
  const seen = seeds.map(seed => compare(seed, { program, env: settings }))
  const of = (real: boolean, model: boolean) =>
    seen.filter(each => each.real === real && each.model === model).map(({ story }) => story)
  expect(of(true, false)).toEqual([])
  expect(of(true, true).length).toBeGreaterThan(CASES / 10)
  expect(of(false, false).length).toBeGreaterThan(CASES / 10)
  expect(of(false, true).length, of(false, true).join('\n')).toBeLessThan(CASES / 10)
})
