import { describe, expect, test } from 'vitest'
import { type DockerfileOptions, readDockerfile } from '../../../src/chain/dockerfile.js'

const read = (text: string, options: Partial<DockerfileOptions> = {}) =>
  readDockerfile(text, { buildArguments: new Map(), platform: 'linux/amd64', ...options })

/** `FROM debian:12`, `COPY alpine`: the reachable bases, in short. */
const bases = (text: string, options: Partial<DockerfileOptions> = {}) =>
  read(text, options)
    .bases.filter(({ reachable }) => reachable)
    .map(({ from, reference }) => `${from} ${reference}`)

describe('the base of a stage', () => {
  test.each([
    ['FROM debian:12', 'debian:12'],
    ['from\tdebian:12\tas x', 'debian:12'],
    ['FROM "debian:12"', 'debian:12'],
    ['ARG V=12\nFROM debian:$V', 'debian:12'],
    ['ARG V="12" W=${V}-slim\nFROM debian:${W}', 'debian:12-slim'],
    ['FROM debian:${V:-11}', 'debian:11'],
    ['ARG V=\nFROM debian:${V:-11}', 'debian:11'],
    ['ARG V=\nFROM debian:x${V-11}', 'debian:x'],
    ['ARG V=1\nFROM debian${V:+:sid}', 'debian:sid'],
    ['ARG V=1.2.3\nFROM app:${V%.*}', 'app:1.2'],
    ['ARG V=1.2.3\nFROM app:${V%%.*}', 'app:1'],
    ['ARG V=1.2.3\nFROM app:${V#*.}', 'app:2.3'],
    ['ARG V=1.2.3\nFROM app:${V##*.}', 'app:3'],
    ['ARG V=1.2.3\nFROM app:${V/./-}', 'app:1-2.3'],
    ['ARG V=1.2.3\nFROM app:${V//./-}', 'app:1-2-3'],
    ['FROM app-$TARGETARCH:$TARGETOS', 'app-amd64:linux'],
    ['FROM app:$BUILDARCH$TARGETVARIANT', 'app:amd64'],
    ['ARG TARGETARCH=arm\nFROM app:$TARGETARCH', 'app:arm'],
    ['FROM app:$TARGETSTAGE AS last', 'app:last'],
    ['FROM \\\n  # why\n\n  debian:12 \\\n  AS x', 'debian:12'],
    ['# escape=`\nFROM `\n  debian:12', 'debian:12'],
    ['\ufeffFROM debian:12\r\nRUN x\r\n', 'debian:12'],
    ['FROM 0', '0'],
    [
      `FROM registry.test:5000/a/b@sha256:${'0'.repeat(64)}`,
      `registry.test:5000/a/b@sha256:${'0'.repeat(64)}`
    ]
  ])('of %j is %s', (text, reference) => {
    expect(bases(text)).toEqual([`FROM ${reference}`])
  })

  test('follows a build argument before the default', () => {
    const buildArguments = new Map([['V', '9']])
    expect(bases('ARG V=12\nFROM debian:$V', { buildArguments })).toEqual(['FROM debian:9'])
  })

  test('follows a build argument that names a platform', () => {
    const buildArguments = new Map([['TARGETARCH', 'arm']])
    expect(bases('FROM app-$TARGETARCH', { buildArguments })).toEqual(['FROM app-arm'])
  })

  test('does not see a build argument that the file does not declare', () => {
    const buildArguments = new Map([['V', '9']])
    expect(bases('FROM debian:${V:-12}', { buildArguments })).toEqual(['FROM debian:12'])
  })

  test('does not see an ARG of the stage before', () => {
    expect(bases('FROM a\nARG V=9\nFROM debian:${V:-12}', { builder: 'classic' })).toContain(
      'FROM debian:12'
    )
  })

  test('is none for scratch and for an earlier stage, whatever the case of its name', () => {
    const { bases: found, unresolved } = read('FROM scratch AS Build\nFROM build\nFROM Build')
    expect({ found, unresolved }).toEqual({ found: [], unresolved: [] })
  })

  test('is an image where the stage of that name comes later', () => {
    expect(bases('FROM later\nFROM scratch AS later', { target: '' })).toEqual([])
    expect(read('FROM later\nFROM scratch AS later').bases[0]).toMatchObject({
      reference: 'later',
      stage: 0,
      reachable: false
    })
  })

  test('has its line and its platform', () => {
    const text = 'ARG P=linux/arm64\n\nFROM --platform=$P debian AS x'
    expect(read(text).bases).toEqual([
      {
        from: 'FROM',
        reference: 'debian',
        platform: 'linux/arm64',
        stage: 0,
        line: 3,
        reachable: true
      }
    ])
  })
})

describe('a base that cannot be told', () => {
  test.each([
    ['FROM $V', '$V', ['V']],
    ['ARG V\nFROM debian:$V', 'debian:$V', ['V']],
    ['FROM ${REGISTRY}/app', '${REGISTRY}/app', ['REGISTRY']],
    ['FROM debian:', 'debian:', []],
    ['FROM app//x', 'app//x', []],
    ['FROM app/X', 'app/X', []],
    ['FROM app:a:b', 'app:a:b', []],
    ['FROM app@sha256:1', 'app@sha256:1', []],
    ['FROM ${V', '${V', []]
  ])('of %j is unresolved', (text, written, variables) => {
    expect(read(text)).toMatchObject({ bases: [], unresolved: [{ written, variables }] })
  })

  test('is one whose build argument is given without a value that is known', () => {
    const buildArguments = new Map([['V', undefined]])
    const { unresolved } = read('ARG V=12\nFROM debian:$V AS x', { buildArguments })
    expect(unresolved).toEqual([
      { from: 'FROM', written: 'debian:$V', variables: ['V'], stage: 0, line: 2, reachable: true }
    ])
  })

  test('is one that asks for a platform which is not known', () => {
    const { unresolved } = read('FROM app-$TARGETARCH', { platform: undefined })
    expect(unresolved).toMatchObject([{ variables: ['TARGETARCH'] }])
  })

  test('is one for a platform that cannot be told', () => {
    const { bases: found, unresolved } = read('FROM --platform=$P debian')
    expect(found).toMatchObject([{ reference: 'debian' }])
    expect(unresolved).toMatchObject([{ written: '--platform=$P', variables: ['P'] }])
  })

  test('stays a base where a variable that is not set leaves a name, as the builder has it', () => {
    expect(bases('ARG SUFFIX\nFROM debian$SUFFIX')).toEqual(['FROM debian'])
  })
})

describe('images that files are taken from', () => {
  test('are those of COPY --from that are no stage', () => {
    const text = `FROM scratch AS build
FROM scratch
COPY --from=build a b
COPY --from=BUILD a b
COPY --from=0 a b
COPY --from=scratch a b
COPY --from=nginx:1 a b
COPY --from="alpine" a b`
    expect(bases(text)).toEqual(['COPY nginx:1', 'COPY alpine'])
  })

  test('are those of RUN --mount that are no stage, where a number is an image', () => {
    const text = `FROM scratch AS build
FROM scratch
RUN --mount=type=bind,from=build,target=/a --mount=from=busybox,target=/b \\
  --mount=type=cache,From=0,target=/c x`
    expect(bases(text)).toEqual(['RUN busybox', 'RUN 0'])
  })

  test('are not looked for in here-documents', () => {
    const text = "FROM a\nRUN <<EOF\nFROM b\nCOPY --from=c d e\nEOF\nCOPY <<'F G' /x\nFROM d\nF G\n"
    expect(bases(text)).toEqual(['FROM a'])
    expect(bases(`${text}RUN <<-H <<I\n\tFROM b\n\tH\nFROM c\n\tI\nI\nCOPY --from=d e f`)).toEqual([
      'FROM a',
      'COPY d'
    ])
  })

  test('are found again after a double escape, which continues no line', () => {
    expect(bases('FROM a\nRUN echo \\\\\nCOPY --from=b c d')).toEqual(['FROM a', 'COPY b'])
  })

  test('are unresolved where --from has a variable, which the builder refuses', () => {
    const { unresolved, problems } = read(
      'FROM a\nARG X=b\nCOPY --from=${X} c d\nRUN --mount=from=$X,target=/x y'
    )
    expect(unresolved).toMatchObject([
      { from: 'COPY', written: '${X}', variables: ['X'], line: 3 },
      { from: 'RUN', written: '$X', variables: ['X'], line: 4 }
    ])
    expect(problems.map(({ line }) => line)).toEqual([3, 4, 4])
  })
})

describe('the image that reads the file', () => {
  test.each([
    ['# syntax=docker/dockerfile:1\nFROM a', 'docker/dockerfile:1', 1],
    ['#syntax = docker/dockerfile:1.7 --flag\nFROM a', 'docker/dockerfile:1.7', 1],
    ['# escape=`\n# Syntax=docker/dockerfile\nFROM a', 'docker/dockerfile', 2],
    ['#!/usr/bin/x\n# syntax=docker/dockerfile\nFROM a', 'docker/dockerfile', 2],
    ['// syntax=docker/dockerfile\nFROM a', 'docker/dockerfile', 1]
  ])('of %j is %s', (text, reference, line) => {
    expect(read(text).bases[0]).toMatchObject({ from: 'syntax', reference, line, stage: undefined })
  })

  test.each(['# a comment\n# syntax=x\nFROM a', '\n# syntax=x\nFROM a', 'FROM a\n# syntax=x'])(
    'is none where the directive stands too late: %j',
    text => {
      expect(bases(text)).toEqual(['FROM a'])
    }
  )

  test('is the one of the build argument BUILDKIT_SYNTAX before that of the file', () => {
    const buildArguments = new Map([['BUILDKIT_SYNTAX', 'docker/dockerfile:2 x']])
    expect(bases('# syntax=docker/dockerfile:1\nFROM a', { buildArguments })).toEqual([
      'syntax docker/dockerfile:2',
      'FROM a'
    ])
  })

  test('is nothing to the classic builder', () => {
    expect(bases('# syntax=x\nFROM a', { builder: 'classic' })).toEqual(['FROM a'])
  })

  test('makes the build untracked where it is not the one of Docker', () => {
    expect(read('# syntax=registry.test/docker/dockerfile:1\nFROM a').untracked).toEqual([])
    expect(read('# syntax=acme/frontend\nFROM a').untracked).toMatchObject([
      { kind: 'frontend', written: 'acme/frontend', line: 1 }
    ])
  })
})

describe('what the build comes by', () => {
  const text = `FROM a AS one
FROM b AS two
COPY --from=one x y
FROM c AS three
FROM d AS four`

  test('is the last stage and what it needs', () => {
    expect(bases(text)).toEqual(['FROM d'])
    expect(read(text).target).toBe(3)
  })

  test('is the target and what it needs', () => {
    expect(bases(text, { target: 'TWO' })).toEqual(['FROM a', 'FROM b'])
  })

  test('is every stage up to the target with the classic builder', () => {
    expect(bases(text, { target: 'three', builder: 'classic' })).toEqual([
      'FROM a',
      'FROM b',
      'FROM c'
    ])
  })

  test('is every stage where there is no such target, which is a problem', () => {
    const reading = read(text, { target: 'nothing' })
    expect(reading.stages.every(({ reachable }) => reachable)).toBe(true)
    expect(reading).toMatchObject({
      target: undefined,
      problems: [{ message: 'target stage nothing could not be found' }]
    })
  })
})

describe('ONBUILD', () => {
  test('is carried by the image of the target, here-documents and all', () => {
    const text =
      'FROM a AS x\nONBUILD RUN lost\nFROM x\nOnbuild  RUN <<E cat\n a\nE\nONBUILD COPY b c'
    expect(read(text).onbuild).toEqual(['RUN <<E cat\n a\nE', 'COPY b c'])
  })

  test('runs in the stages that stand on its own, not in those that stand on them', () => {
    const text = `FROM scratch AS one
ONBUILD COPY --from=trigger a b
ONBUILD COPY c d
FROM one AS two
FROM two`
    const { bases: found, sources } = read(text)
    expect(found.map(({ stage, reachable }) => [stage, reachable])).toEqual([
      [0, false],
      [1, true]
    ])
    expect(sources).toMatchObject([{ path: 'c', stage: 1, line: 3 }])
  })

  test('of an outside base runs where the caller knows it', () => {
    const config = {
      environment: new Map([['DIR', 'src']]),
      onbuild: ['COPY $DIR /x', 'COPY --from=b c d']
    }
    const configs = new Map([['a', config]])
    const reading = read('FROM a', { configs })
    expect(reading.sources).toMatchObject([{ path: 'src', line: 1 }])
    expect(bases('FROM a', { configs })).toEqual(['FROM a', 'ONBUILD b'])
  })

  test('that the builder refuses is a problem of the stages that inherit it', () => {
    expect(read('FROM a AS x\nONBUILD COPY y').problems).toEqual([])
    expect(read('FROM a AS x\nONBUILD COPY y\nFROM x').problems).toEqual([
      { line: 2, message: 'COPY requires at least two arguments' }
    ])
  })
})

describe('arguments', () => {
  test('tell where their value comes from', () => {
    const text = `ARG GIVEN
ARG DEFAULT=1
ARG NONE
FROM a
ARG GIVEN=2
ARG DEFAULT
ARG TARGETARCH
ARG NONE OTHER=3`
    const buildArguments = new Map([['GIVEN', 'x']])
    const found = read(text, { buildArguments }).arguments
    expect(found.map(({ name, value, stage }) => [name, value, stage])).toEqual([
      ['GIVEN', 'given', undefined],
      ['DEFAULT', 'default', undefined],
      ['NONE', 'none', undefined],
      ['GIVEN', 'given', 0],
      ['DEFAULT', 'inherited', 0],
      ['TARGETARCH', 'inherited', 0],
      ['NONE', 'none', 0],
      ['OTHER', 'default', 0]
    ])
  })
})

describe('problems', () => {
  test.each([
    ['', 1, /no FROM/],
    ['RUN x\nFROM a', 1, /no FROM stands before/],
    ['FROM a b', 1, /one or three arguments/],
    ['FROM a AS 1x', 1, /invalid name for build stage: "1x"/],
    ['FROM a\nRUM x', 2, /unknown instruction: RUM/],
    ['FROM a\nCOPY x', 2, /at least two arguments/],
    ['FROM a\nCOPY --form=x y z', 2, /unknown flag: --form/],
    ['FROM a\nCOPY --from=x --from=y z z', 2, /duplicate flag specified: --from/],
    ['FROM a\nCOPY --link=perhaps x y', 2, /expecting boolean value for flag: --link/],
    ['FROM a\nCOPY --from x y', 2, /missing a value on flag: --from/],
    ['FROM a\nCOPY [1, 2]', 2, /arrays must be of strings/],
    ['FROM a\nCOPY x <<EOF\nEOF', 2, /heredoc as a destination/],
    ['FROM a\nRUN <<EOF\nx', 2, /unterminated heredoc EOF/],
    ['# escape=x\nFROM a', 1, /invalid escape token 'x'/],
    ['# escape=`\n# escape=`\nFROM a', 2, /only one escape/],
    ['FROM a\nENV x', 2, /two arguments/],
    ['FROM a\nENV x=1 y', 2, /can't find =/],
    ['FROM a\nARG', 2, /at least one argument/],
    ['FROM a\nONBUILD FROM b', 2, /FROM isn't allowed/],
    ['FROM a\nCOPY "x y z', 2, /matching double-quote/],
    ['FROM a\nCOPY --from=7 x y', 2, /invalid stage index 7/],
    ['FROM a AS x\nCOPY --from=x y z', 2, /only be copied from after it/],
    ['FROM a\nCOPY https://x.test/y z', 2, /can't be a URL for COPY/],
    ['FROM a\nRUN --mount=type=wrong,target=/x y', 2, /unsupported mount type 'wrong'/],
    ['FROM a\nRUN --mount=wrong=1,target=/x y', 2, /unexpected key 'wrong'/],
    ['FROM scratch\nARG X="${X?is needed}"', 2, /X: is needed/]
  ])('of %j stand at line %d', (text, line, message) => {
    const { problems } = read(text)
    expect(problems).toMatchObject([{ line, message: expect.stringMatching(message) }])
  })

  test('are longer lines than the builder reads', () => {
    const { problems } = read(`FROM a\nRUN ${'x'.repeat(65_531)}\nRUN ${'é'.repeat(32_766)}`)
    expect(problems).toEqual([{ line: 3, message: 'line longer than 65535 bytes' }])
  })

  test('are no arrays that only look like JSON', () => {
    expect(read('FROM a\nCOPY [1, 2] x').problems).toEqual([])
  })

  test('of stages that the build does not come by are not told where only building finds them', () => {
    expect(read('FROM a AS x\nCOPY "y z\nFROM b').problems).toEqual([])
  })
})
