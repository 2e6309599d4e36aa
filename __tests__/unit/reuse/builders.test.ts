import { describe, expect, it } from 'vitest'
import { decision, isSeen, onDaemon, writeApp } from '../../fixtures/reuse-checks.js'
import { type ReuseProject, reuseProject } from '../../fixtures/reuse-project.js'

function withBase(variable?: string): ReuseProject {
  const project = reuseProject()
  onDaemon(project, 'base:1')
  if (variable !== undefined) project.env.DOCKER_BUILDKIT = variable
  return project
}

const PLATFORM = 'FROM base:1\nARG TARGETARCH\nCOPY bin$TARGETARCH /x\n'
const TWICE = 'FROM base:1 AS x\nCOPY one /\nFROM base:1 AS x\nCOPY two /\n'

/** Whether edits of two files are seen. */
async function seen(project: ReuseProject, one: string, two: string) {
  project.write(one, '1')
  project.write(two, '1')
  return [
    await isSeen(project, () => project.write(one, '2')),
    await isSeen(project, () => project.write(two, '2'))
  ]
}

// Tried with Docker 20.10: with no DOCKER_BUILDKIT its client takes the classic builder, and a
// client of Docker 28 without buildx does so too.
describe('where DOCKER_BUILDKIT is not set', () => {
  it('what either builder copies is seen: the classic one knows no TARGETARCH', async () => {
    const project = withBase()
    writeApp(project, PLATFORM)
    expect(await seen(project, 'bin', 'binamd64')).toEqual([true, true])
  })

  it('what either builder copies by an inherited ONBUILD is seen', async () => {
    const project = withBase()
    onDaemon(project, 'base:1', 'first', ['ARG TARGETARCH', 'COPY bin$TARGETARCH /x'])
    writeApp(project, 'FROM base:1\n')
    expect(await seen(project, 'bin', 'binamd64')).toEqual([true, true])
  })

  it('what either builder takes for a stage is seen: two stages of a name', async () => {
    const project = withBase()
    writeApp(project, TWICE, { extra_args: '--target x' })
    expect(await seen(project, 'one', 'two')).toEqual([true, true])
  })

  it('a file counts where either builder’s ignore file lets it through', async () => {
    const project = withBase()
    writeApp(project, 'FROM base:1\nCOPY d /\n')
    project.write('.dockerignore', 'd/one\n')
    project.write('Dockerfile.app.dockerignore', 'd/two\n')
    expect(await seen(project, 'd/one', 'd/two')).toEqual([true, true])
  })
})

describe.each(['0', 'false', 'F'])('DOCKER_BUILDKIT=%s', value => {
  it('is the classic builder', async () => {
    const project = withBase(value)
    writeApp(project, PLATFORM)
    expect((await seen(project, 'bin', 'binamd64'))[0]).toBe(true)
    writeApp(project, TWICE, { extra_args: '--target x' })
    expect((await seen(project, 'one', 'two'))[0]).toBe(true)
  })

  it('reads .dockerignore alone', async () => {
    const project = withBase(value)
    writeApp(project, 'FROM base:1\nCOPY d /\n')
    project.write('.dockerignore', 'd/one\n')
    project.write('Dockerfile.app.dockerignore', 'd/two\n')
    expect((await seen(project, 'd/one', 'd/two'))[1]).toBe(true)
  })
})

describe.each(['1', 'true', 'T'])('DOCKER_BUILDKIT=%s', value => {
  it('is BuildKit', async () => {
    const project = withBase(value)
    writeApp(project, PLATFORM)
    expect(await seen(project, 'bin', 'binamd64')).toEqual([false, true])
    writeApp(project, TWICE, { extra_args: '--target x' })
    expect(await seen(project, 'one', 'two')).toEqual([false, true])
  })

  it('prefers the ignore file beside the Dockerfile', async () => {
    const project = withBase(value)
    writeApp(project, 'FROM base:1\nCOPY d /\n')
    project.write('.dockerignore', 'd/one\n')
    project.write('Dockerfile.app.dockerignore', 'd/two\n')
    expect((await seen(project, 'd/one', 'd/two'))[0]).toBe(true)
  })
})

it('another builder is another build', async () => {
  const project = withBase('0')
  writeApp(project, 'FROM base:1\n')
  await project.build()
  expect(await decision(project)).toBe('reuse: unchanged')
  project.env.DOCKER_BUILDKIT = '1'
  expect(await decision(project)).toBe('build: variable DOCKER_BUILDKIT changed')
})

describe('arguments that ask for a build each time', () => {
  it.each(['--no-cache', '--pull', '--no-cache=true', '--pull=true', '--no-cache=1', '--pull=T'])(
    '%s',
    async argument => {
      const project = withBase()
      writeApp(project, 'FROM base:1\n', { extra_args: argument })
      await project.build()
      expect(await decision(project)).toMatch(/^build: --(no-cache|pull) is in its arguments/)
    }
  )
})

it('what an address adds is not tracked, and the reason says so', async () => {
  const project = withBase()
  writeApp(project, 'FROM base:1\nADD https://example.org/x /x\n')
  expect(await decision(project)).toMatch(/^build: line 2 takes https:\/\/example\.org\/x/)
})

it('a FROM that cannot be told is not tracked, and the reason says so', async () => {
  const project = withBase()
  writeApp(project, 'ARG X\nFROM base:$X\n')
  expect(await decision(project)).toMatch(/^build: .*line 2/)
})
