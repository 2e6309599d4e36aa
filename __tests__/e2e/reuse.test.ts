import { readFileSync } from 'node:fs'
import { afterAll, describe, expect, it } from 'vitest'
import { manifest, temporaryProject, writeTree } from '../fixtures/project.js'
import {
  countingSocket,
  decided,
  docker,
  importBase,
  named,
  removeOurs,
  run,
  type Watched,
  watch
} from '../fixtures/reuse-daemon.js'

afterAll(removeOurs)

const CLASSIC = { DOCKER_BUILDKIT: '0' }
const BUILDKIT = { DOCKER_BUILDKIT: '1' }
const BUILDERS: [string, Readonly<Record<string, string>>][] = [
  ['the classic builder', CLASSIC],
  ['BuildKit', BUILDKIT]
]

const image = (name: string, more: object = {}) => ({
  tag: named(`${name}:1`),
  dockerfile: `Dockerfile.${name}`,
  working_dir: '..',
  ...more
})

const template = (repository: string) =>
  JSON.stringify({
    builders: [
      {
        type: 'docker',
        image: named('base'),
        commit: true,
        run_command: ['-d', '-i', '-t', '--entrypoint=/bin/sh', '{{.Image}}']
      }
    ],
    provisioners: [
      { type: 'shell', script: 'tool/script.sh' },
      { type: 'file', source: 'tool/data', destination: '/data' }
    ],
    'post-processors': [{ type: 'docker-tag', repository, tag: '1' }]
  })

/** lib ← app ← top, where top copies from the Packer image tool; side stands on nothing of them. */
function chain(): string {
  importBase('base')
  const root = temporaryProject()
  writeTree(root, {
    'docker/IMAGES.json': manifest(
      image('top'),
      image('app', { tags: [named('app:latest')] }),
      image('side'),
      image('lib'),
      { name: 'tool', version: '1', file: 'tool.json', working_dir: '..' }
    ),
    'docker/packer/tool.json': template(named('tool')),
    'Dockerfile.lib': `FROM ${named('base')}\nCOPY lib /lib\n`,
    'Dockerfile.app': `FROM ${named('lib:1')}\nCOPY app /app\n`,
    'Dockerfile.top': `FROM ${named('app:latest')}\nCOPY --from=${named('tool:1')} /data /data\n`,
    'Dockerfile.side': `FROM ${named('base')}\nCOPY *.txt /\n`,
    '.dockerignore': 'lib/ignored\n',
    'lib/file': 'lib\n',
    'lib/ignored': 'ignored\n',
    'app/file': 'app\n',
    'side.txt': 'side\n',
    'tool/script.sh': '#!/bin/sh\nmkdir -p /made\n',
    'tool/data': 'data\n'
  })
  return root
}

const NAMES = ['lib', 'app', 'side', 'tool', 'top']

const ids = () =>
  Object.fromEntries(
    NAMES.map(name => [name, docker('inspect', '--format', '{{.Id}}', named(`${name}:1`))])
  )

const changedSince = (before: Readonly<Record<string, string>>) => {
  const now = ids()
  return NAMES.filter(name => now[name] !== before[name])
}

/** Names of the images whose builder was started. */
const built = (watched: Watched) =>
  watched
    .builds()
    .map(line => NAMES.find(name => new RegExp(`/${name}(:1|\\.json)( |$)`).test(line)) ?? line)
    .sort()

const all = (said: string) => Object.fromEntries(NAMES.map(name => [name, said]))

describe.each(BUILDERS)('a chain built by %s', (_, settings) => {
  it('is built once, and a second run starts no builder', async () => {
    const root = chain()
    const watched = watch(settings)
    await run(root, watched, 'build')
    expect(built(watched)).toEqual([...NAMES].sort())
    const before = ids()
    const second = await run(root, watched, 'build')
    expect(built(watched)).toEqual([])
    expect(second.stderr.match(/reused: unchanged/g)).toHaveLength(NAMES.length)
    expect(changedSince(before)).toEqual([])
  })

  it('a change in one base rebuilds exactly what stands on it', async () => {
    const root = chain()
    const watched = watch(settings)
    await run(root, watched, 'build')
    watched.builds()
    const before = ids()
    writeTree(root, { 'lib/file': 'another\n' })
    expect(await decided(root, watched)).toEqual({
      ...all('reuse: unchanged'),
      lib: 'build: lib/file changed',
      app: `build: base dockerfile__${named('lib:1')} is rebuilt`,
      top: `build: base dockerfile__${named('app:1')} is rebuilt`
    })
    await run(root, watched, 'build')
    expect(built(watched)).toEqual(['app', 'lib', 'top'])
    expect(changedSince(before)).toEqual(['lib', 'app', 'top'])
    expect(docker('run', '--rm', named('top:1'), 'cat', '/lib/file')).toBe('another')
    expect(await decided(root, watched)).toEqual(all('reuse: unchanged'))
  })

  it('a change of what a Packer image takes in rebuilds it, and what copies from it', async () => {
    const root = chain()
    const watched = watch(settings)
    await run(root, watched, 'build')
    watched.builds()
    writeTree(root, { 'tool/data': 'other\n' })
    expect((await decided(root, watched)).tool).toBe('build: tool/data changed')
    await run(root, watched, 'build')
    expect(built(watched)).toEqual(['tool', 'top'])
    expect(docker('run', '--rm', named('top:1'), 'cat', '/data')).toBe('other')
  })

  it('edits of files that are ignored, or that no instruction sees, rebuild nothing', async () => {
    const root = chain()
    const watched = watch(settings)
    await run(root, watched, 'build')
    writeTree(root, { 'lib/ignored': 'x\n', 'other/file': 'x\n', 'notes.md': 'x\n' })
    expect(await decided(root, watched)).toEqual(all('reuse: unchanged'))
    writeTree(root, { 'added.txt': 'x\n' })
    expect(await decided(root, watched)).toEqual({
      ...all('reuse: unchanged'),
      side: 'build: added.txt added'
    })
  })

  it('a tag that is removed or moved is built again, and nothing else where its image stays', async () => {
    const root = chain()
    const watched = watch(settings)
    await run(root, watched, 'build')
    docker('rmi', '--no-prune', named('side:1'))
    expect((await decided(root, watched)).side).toMatch(
      /^build: (tag .*side:1 is|its image is) gone/
    )
    docker('tag', named('base'), named('app:latest'))
    const plan = await decided(root, watched)
    expect(plan.app).toBe(`build: tag ${named('app:latest')} now points elsewhere`)
    expect(plan.lib).toBe('reuse: unchanged')
    await run(root, watched, 'build')
    expect(await decided(root, watched)).toEqual(all('reuse: unchanged'))
  })

  it('an outside base that moves is seen', async () => {
    const root = chain()
    const watched = watch(settings)
    await run(root, watched, 'build')
    importBase('base', 'second')
    const moved = `build: base ${named('base')}:latest moved`
    expect(await decided(root, watched)).toMatchObject({ lib: moved, side: moved, tool: moved })
    await run(root, watched, 'build')
    expect(docker('run', '--rm', named('top:1'), 'cat', '/etc/base')).toBe('second')
  })

  it('a file edited in mid-build and put back with its old time is not recorded', async () => {
    const root = chain()
    const watched = watch(settings)
    const file = `${root}/lib/file`
    watched.around(
      `cp -p ${file} ${root}/kept && echo evil > ${file}`,
      `cat ${root}/kept > ${file} && touch -r ${root}/kept ${file}`
    )
    const report = `${root}/report.json`
    await run(root, watched, 'build', '--report', report, named('lib:1'))
    expect(readFileSync(report, 'utf8')).toMatch(/not recorded: .* while it was built/)
    expect(docker('run', '--rm', named('lib:1'), 'cat', '/lib/file')).toBe('evil')
    watched.around('', '')
    await run(root, watched, 'build', named('lib:1'))
    expect(docker('run', '--rm', named('lib:1'), 'cat', '/lib/file')).toBe('lib')
  })
})

describe.each(BUILDERS)('a base with ONBUILD from outside, by %s', (_, settings) => {
  it('brings what it copies into the fingerprint', async () => {
    importBase('base')
    const outside = temporaryProject('outside')
    const trigger = (path: string) =>
      writeTree(outside, { Dockerfile: `FROM ${named('base')}\nONBUILD COPY ${path} /by/\n` })
    trigger('conf')
    docker('build', '-t', named('onbuild'), outside)
    const root = temporaryProject()
    writeTree(root, {
      'docker/IMAGES.json': manifest(image('child')),
      'Dockerfile.child': `FROM ${named('onbuild')}\n`,
      'conf/file': 'one\n',
      'more/file': 'more\n'
    })
    const watched = watch(settings)
    await run(root, watched, 'build')
    expect(await decided(root, watched)).toEqual({ child: 'reuse: unchanged' })
    writeTree(root, { 'conf/file': 'two\n' })
    expect(await decided(root, watched)).toEqual({ child: 'build: conf/file changed' })
    await run(root, watched, 'build')
    expect(docker('run', '--rm', named('child:1'), 'cat', '/by/file')).toBe('two')
    trigger('more')
    docker('build', '-t', named('onbuild'), outside)
    expect((await decided(root, watched)).child).toMatch(/^build: .*base .*onbuild:latest moved/)
    await run(root, watched, 'build')
    expect(docker('run', '--rm', named('child:1'), 'cat', '/by/file')).toBe('more')
  })
})

it('a second run of a chain asks the daemon once, for all of its images', async () => {
  const root = chain()
  const watched = watch(CLASSIC)
  await run(root, watched, 'build')
  const socket = await countingSocket()
  const counted = { ...watched, env: { ...watched.env, DOCKER_HOST: socket.host } }
  await run(root, counted, 'build')
  expect(socket.requests()).toEqual(['GET /images/json'])
  expect(watched.builds().length).toBe(NAMES.length)
})

it('where the environment leaves the builder open, what the real one copies is seen', async () => {
  importBase('base')
  const root = temporaryProject()
  const binaries = ['bin', 'binamd64', 'binarm64']
  writeTree(root, {
    'docker/IMAGES.json': manifest(image('open')),
    'Dockerfile.open': `FROM ${named('base')}\nARG TARGETARCH\nCOPY bin$TARGETARCH /copied\n`,
    ...Object.fromEntries(binaries.map(name => [name, `${name}\n`]))
  })
  const watched = watch()
  await run(root, watched, 'build')
  const copied = docker('run', '--rm', named('open:1'), 'cat', '/copied')
  expect(binaries).toContain(copied)
  writeTree(root, { [copied]: 'another\n' })
  expect(await decided(root, watched)).toEqual({ open: `build: ${copied} changed` })
})
