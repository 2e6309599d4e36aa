import { describe, expect, test } from 'vitest'
import { type DockerfileOptions, readDockerfile } from '../../../src/chain/dockerfile.js'

const read = (text: string, options: Partial<DockerfileOptions> = {}) =>
  readDockerfile(text, { buildArguments: new Map(), platform: 'linux/amd64', ...options })

/** Paths of the context that one instruction of a stage without a base takes. */
const paths = (steps: string, options: Partial<DockerfileOptions> = {}) =>
  read(`FROM scratch\n${steps}`, options).sources.map(({ path }) => path)

describe('sources of COPY and ADD', () => {
  test.each([
    ['COPY a b /c/', ['a', 'b']],
    ['COPY --chown=1:1 --chmod=755 --link a /c', ['a']],
    ['COPY ["a b", "c", "/d/"]', ['a b', 'c']],
    ['COPY "a" \'b\' /c/', ['a', 'b']],
    ['COPY a\\ b /c', ['a', 'b']],
    ['COPY a \\\n  # why\n  b \\\n\n  /c/', ['a', 'b']],
    ['COPY . /c', ['']],
    ['COPY / /c', ['']],
    ['COPY ../a ./b/../c //d///e/ /f/', ['a', 'c', 'd/e']],
    ['COPY *.txt d?r/[a-c]* /c/', ['*.txt', 'd?r/[a-c]*']],
    ['COPY <<EOF /c\nCOPY x /y\nEOF', []],
    ['COPY <<a b <<c /d/\n1\na\n2\nc', ['b']],
    ['COPY --from=alpine a /b', []],
    ['COPY --from= a /b', ['a']],
    ['COPY -- a /b', ['a']],
    ['ADD a.tar /b', ['a.tar']],
    ['ADD a https://x.test/b c /d/', ['a', 'c']]
  ])('of %j are %j', (step, expected) => {
    expect(paths(step)).toEqual(expected)
  })

  test('say which wildcards and exceptions they have', () => {
    const [source] = read('FROM scratch\nCOPY --exclude=*.md --exclude=x/** docs /d').sources
    expect(source).toEqual({
      instruction: 'COPY',
      path: 'docs',
      wildcards: true,
      exclude: ['*.md', 'x/**'],
      stage: 0,
      line: 2,
      reachable: true
    })
  })

  test('are parted at the pivot of --parents', () => {
    const { sources } = read('FROM scratch\nCOPY --parents a/./b/*.c ./d/**/e . /x/')
    expect(sources).toMatchObject([
      { path: 'a', include: 'b/*.c' },
      { path: '', include: 'd/**/e' },
      { path: '' }
    ])
    expect(sources[2]).not.toHaveProperty('include')
  })

  test('are all of the context where the instruction is not understood', () => {
    expect(paths('COPY --new-flag a /b')).toEqual([''])
    expect(paths('COPY a')).toEqual([''])
    expect(paths('COPY [1]')).toEqual([''])
    expect(paths('COPY "a /b')).toEqual([''])
  })

  test('in a stage that the build does not come by are told as such', () => {
    const { sources } = read('FROM scratch AS x\nCOPY a b\nFROM scratch\nCOPY c d')
    expect(sources.map(({ path, reachable }) => [path, reachable])).toEqual([
      ['a', false],
      ['c', true]
    ])
  })
})

describe('variables in sources', () => {
  test.each([
    ['ARG D=src\nCOPY $D ${D}/a ${D:+b} ${E:-c} /x/', ['src', 'src/a', 'b', 'c']],
    ['ARG D="a b"\nCOPY $D /x/', ['a b']],
    ['ARG D=a E=$D/b\nCOPY $E /x/', ['a/b']],
    ['ENV D=a E=$D/b\nCOPY $E /x/', ['b']],
    ['ENV D=a\nENV E=$D/b\nCOPY $E /x/', ['a/b']],
    ['ENV D a b\nCOPY $D /x/', ['a b']],
    ["ENV D='$E' E=\\$F\nCOPY $D $E /x/", ['$E', '$F']],
    ["ENV D='a\\' E=b\nCOPY $E /x/", ['b']],
    ['ARG D=a\nENV D=b\nCOPY $D /x/', ['b']],
    ['ENV D=a\nARG D=b\nCOPY $D /x/', ['b']],
    ['ENV D=a\nENV D=${D}b\nCOPY $D /x/', ['ab']],
    ['ARG D=a.tar.gz\nCOPY ${D%.*} ${D%%.*} ${D#*.} ${D##*.} /x/', ['a.tar', 'a', 'tar.gz', 'gz']],
    [
      'ARG D=a/b/a\nCOPY ${D/a/c} ${D//a/c} ${D/\\//-} ${D//?/x} /x/',
      ['c/b/a', 'c/b/c', 'a-b/a', 'xxxxx']
    ],
    ['ARG D=a*b\nCOPY ${D%\\**} ${D#"a*"} ${D/\'*\'/x} /x/', ['a', '*b', 'x']],
    ['COPY "$D" $D/a \'$D\' /x/', ['', 'a', '$D']],
    ['COPY $TARGETARCH$TARGETOS /x/', ['']],
    ['ARG TARGETARCH\nCOPY $TARGETARCH /x/', ['amd64']],
    ['# escape=`\nCOPY a /x/', ['a']]
  ])('of %j are filled in', (steps, expected) => {
    expect(paths(steps)).toEqual(expected)
  })

  test('take a build argument before the default, where ARG declares it', () => {
    const buildArguments = new Map([['D', 'given']])
    expect(paths('COPY $D /x\nARG D=default\nCOPY $D /x', { buildArguments })).toEqual([
      '',
      'given'
    ])
  })

  test('take the global default where ARG has none of its own', () => {
    const text = 'ARG D=global\nFROM scratch\nCOPY $D /x\nARG D\nCOPY $D /x'
    expect(read(text).sources.map(({ path }) => path)).toEqual(['', 'global'])
  })

  test('come from the stage that a stage stands on', () => {
    const text = 'FROM scratch AS a\nARG D=x\nENV E=y\nFROM a\nCOPY $D $E /z/'
    expect(read(text).sources.map(({ path }) => path)).toEqual(['x', 'y'])
  })

  test('come from the image of that stage before its arguments', () => {
    const text = 'FROM scratch AS a\nENV D=image\nARG D=argument\nFROM a\nCOPY $D /z/'
    expect(read(text).sources.map(({ path }) => path)).toEqual(['image'])
  })

  test('that an outside base may set make it all of the context', () => {
    const { sources } = read('FROM a\nARG D=x\nCOPY $D /y\nCOPY $E/z /y')
    expect(sources).toMatchObject([
      { path: 'x' },
      { path: '', because: 'the value of E is not known' }
    ])
  })

  test('are known where the base is known', () => {
    const configs = new Map([['a', { environment: new Map([['E', 'x']]), onbuild: [] }]])
    const { sources } = read('FROM a\nCOPY $E/z $F/y /y/', { configs })
    expect(sources.map(({ path }) => path)).toEqual(['x/z', 'y'])
  })

  test('made of one that is not known are not known either', () => {
    const text =
      'FROM a\nENV D=x/$E\nENV F=${D:-y}\nCOPY $F /z\nCOPY ${G:-x} /z\nENV $H=1\nARG I=1\nCOPY $D /z'
    expect(read(text).sources.map(({ because }) => because !== undefined)).toEqual([
      true,
      true,
      true
    ])
  })

  test('are not known after an ENV whose name is not', () => {
    const text = 'FROM a\nENV D=x\nARG E=x\nENV $F=y\nARG G=x\nCOPY $D $E $G /z/'
    expect(read(text).sources.map(({ path, because }) => because ?? path)).toEqual([
      'the value of D is not known',
      'the value of E is not known',
      'x'
    ])
  })

  test('given without a value that is known are not known', () => {
    const buildArguments = new Map([['D', undefined]])
    const { sources } = read('FROM scratch\nARG D=x\nCOPY $D /y', { buildArguments })
    expect(sources).toMatchObject([{ path: '', because: 'the value of D is not known' }])
  })

  test('may make an ADD an address', () => {
    const { untracked } = read('FROM a\nADD $URL /x')
    expect(untracked).toMatchObject([{ kind: 'address', written: '$URL', line: 2 }])
  })
})

describe('variables with the classic builder', () => {
  const classic = { builder: 'classic' } as const

  test('set by ENV win over ARG', () => {
    expect(paths('ENV D=a\nARG D=b\nCOPY $D /x/', classic)).toEqual(['a'])
  })

  test('set by ARG do not reach the stage that stands on it', () => {
    const text = 'FROM scratch AS a\nARG D=x\nENV E=y\nFROM a\nCOPY a$D $E /z/'
    expect(read(text, classic).sources.map(({ path }) => path)).toEqual(['a', 'y'])
  })

  test('set by ARG are not known on an outside base, whose own would win', () => {
    expect(read('FROM a\nARG D=x\nCOPY $D /y', classic).sources).toMatchObject([{ path: '' }])
  })

  test('of the platform are not set', () => {
    expect(paths('ARG TARGETARCH\nCOPY a$TARGETARCH /x', classic)).toEqual(['a'])
  })
})

describe('mounts', () => {
  test.each([
    ['--mount=target=/x', ['']],
    ['--mount=type=bind,source=a/../b,target=/x', ['b']],
    ['--mount=type=bind,src=a,dst=/x,rw', ['a']],
    ['--mount=Type=BIND,Source=a,target=/x,RO', ['a']],
    ['--mount=type=cache,target=/x --mount=type=tmpfs,target=/y', []],
    ['--mount=type=bind,from=b,source=a,target=/x', []],
    ['--mount="type=bind,source=a b,target=/x"', ['a b']],
    ['--mount=\'type=bind,"source=a,b",target=/x\'', ['a,b']],
    ['--mount=type=bind,source=*.txt,target=/x', ['*.txt']],
    ['--mount=type=wrong,target=/x', ['']],
    ['--mount=type=bind,source=${A:-a},target=/x', ['a']]
  ])('of %j take %j', (flags, expected) => {
    const { sources, problems } = read(`FROM scratch\nRUN ${flags} cmd`)
    expect(sources.map(({ path }) => path)).toEqual(expected)
    expect(problems).toHaveLength(flags.includes('wrong') ? 1 : 0)
  })

  test('take names literally', () => {
    expect(read('FROM a\nRUN --mount=source=*,target=/x y').sources[0]).toMatchObject({
      path: '*',
      wildcards: false
    })
  })

  test('with a variable that is not known take all of the context', () => {
    const { sources } = read('FROM a\nRUN --mount=type=$T,source=x,target=/y z')
    expect(sources).toMatchObject([{ path: '', because: 'the value of T is not known' }])
  })

  test('of secrets and keys are not tracked', () => {
    const { untracked, sources } = read('FROM a\nRUN --mount=type=secret,id=s --mount=type=ssh x')
    expect(untracked.map(({ kind }) => kind)).toEqual(['secret', 'ssh'])
    expect(sources).toEqual([])
  })
})

describe('what ADD takes from elsewhere', () => {
  const sha256 = 'a'.repeat(64)
  const commit = 'b'.repeat(40)
  test.each([
    ['https://x.test/a.tar', 'address'],
    ['http://x.test/a', 'address'],
    ['https://x.test/a.git', 'git'],
    ['https://x.test/a.git#v1:sub', 'git'],
    ['https://x.test/a.git?ref=v1', 'git'],
    ['git@x.test:a/b', 'git'],
    ['git://x.test/a', 'git'],
    ['ssh://git@x.test/a', 'git'],
    ['--checksum=sha256:123 https://x.test/a', 'address'],
    [`--checksum=${commit.slice(1)} https://x.test/a.git`, 'git']
  ])('as %s is not tracked', (source, kind) => {
    const { untracked, sources } = read(`FROM scratch\nADD ${source} /y`)
    expect(untracked).toMatchObject([{ kind, line: 2 }])
    expect(sources).toEqual([])
  })

  test.each([
    `--checksum=sha256:${sha256} https://x.test/a`,
    `--checksum=${commit} https://x.test/a.git`,
    `https://x.test/a.git?checksum=${commit}`
  ])('as %s can only be one thing', source => {
    const { untracked, sources } = read(`FROM scratch\nADD ${source} /y`)
    expect({ untracked, sources }).toEqual({ untracked: [], sources: [] })
  })

  test.each(['github.com/a/b', 'ftp://x.test/a', 'a.git', './https://x.test/a'])(
    'is a path of the context as %s',
    source => {
      const { untracked, sources } = read(`FROM scratch\nADD ${source} /y`)
      expect(untracked).toEqual([])
      expect(sources).toHaveLength(1)
    }
  )
})
