import fc from 'fast-check'
import { failedLine } from '../../../src/builders/failed-line.js'
import { textOfBytes } from '../../../src/chain/byte-text.js'
import { type DockerfileOptions, readDockerfile } from '../../../src/chain/dockerfile.js'
import { parseArg, parseEnv } from '../../../src/chain/dockerfile-assignments.js'
import { detectSyntax } from '../../../src/chain/dockerfile-directives.js'
import { expand, expandToWords } from '../../../src/chain/dockerfile-expand.js'
import { heredocsOf } from '../../../src/chain/dockerfile-heredocs.js'
import { readLines } from '../../../src/chain/dockerfile-lines.js'
import { parseMount } from '../../../src/chain/dockerfile-mounts.js'
import { placesOf } from '../../../src/chain/dockerfile-places.js'
import { remoteSource } from '../../../src/chain/dockerfile-remote.js'
import { selectSources } from '../../../src/chain/dockerfile-select.js'
import { parseTrigger } from '../../../src/chain/dockerfile-stages.js'
import { Budget, type Environment } from '../../../src/chain/dockerfile-values.js'
import { jsonStrings, leadingFlags, quotedWords } from '../../../src/chain/dockerfile-words.js'
import { excluder, readIgnore } from '../../../src/chain/ignore.js'
import { wildcardMatcher } from '../../../src/chain/wildcard.js'
import { generatedSamples } from '../../fixtures/dockerfile-samples.js'
import { bytesOf, evilTexts, mutated } from '../../fixtures/hostile-text.js'
import { must, type Target, target } from './target.js'

const WORDS = [
  ...[
    'FROM ',
    'COPY ',
    'ADD ',
    'RUN ',
    'ARG ',
    'ENV ',
    'ONBUILD ',
    'LABEL ',
    ' AS ',
    'scratch',
    'USER x'
  ],
  ...[
    '--from=',
    '--mount=',
    '--mount=type=bind,source=',
    ',from=',
    '--exclude=',
    '--parents ',
    '--chown=1',
    '--checksum=sha256:'
  ],
  ...[
    '\n',
    '\\\n',
    '\r\n',
    ' ',
    '\t',
    '#',
    '# escape=`\n',
    '# syntax=',
    '<<EOF',
    '<<-"E F"',
    'EOF\n',
    '<<',
    '`'
  ],
  ...[
    '$',
    '${',
    '}',
    ':-',
    ':+',
    ':?',
    '${A//a*/b}',
    '${A##*}',
    '${A%?}',
    '$A',
    'A=$A$A',
    '"',
    "'",
    '\\',
    '='
  ],
  ...[
    ',',
    '[',
    ']',
    '["a",',
    '*',
    '?',
    '**',
    '../',
    '/',
    'https://x/y.git#z:w',
    'git@x:y',
    'type=secret'
  ]
]

const SAMPLES = generatedSamples(300, 5).map(({ dockerfile }) => dockerfile)
const dockerfiles = mutated(SAMPLES, WORDS)

const names = fc.oneof(
  fc.constantFrom('A', 'V', 'PATH', '__proto__', 'constructor', 'HTTP_PROXY'),
  evilTexts
)

const options: fc.Arbitrary<DockerfileOptions> = fc
  .record({
    given: fc.array(fc.tuple(names, evilTexts), { maxLength: 3 }),
    platform: fc.option(evilTexts, { nil: undefined }),
    target: fc.option(names, { nil: undefined }),
    builder: fc.constantFrom('buildkit' as const, 'classic' as const),
    onbuild: fc.array(fc.constantFrom('COPY a b', 'RUN x', 'ONBUILD RUN y', 'ARG A=$B'), {
      maxLength: 3
    })
  })
  .map(({ given, platform, target, builder, onbuild }) => ({
    buildArguments: new Map(given),
    platform,
    target,
    builder,
    configs: new Map([['debian:12', { environment: new Map(given), onbuild }]])
  }))

function hold(bytes: Uint8Array, given: DockerfileOptions): void {
  const text = textOfBytes(bytes)
  const reading = readDockerfile(text, given)
  for (const { path } of reading.sources) {
    must(!/(^|\/)\.\.(\/|$)/.test(path) && !path.startsWith('/'), `the source ${path} is outside`)
  }
  for (const head of placesOf(reading.sources)?.heads ?? []) {
    must(!/^$|^\/|(^|\/)\.\.?(\/|$)|\0/.test(head), `the place ${head} is outside`)
  }
  const entries = ['a', 'a/b', '__proto__', 'x y', '.git'].map(path => ({ path }))
  selectSources(
    [...entries, { path: 'l', target: '../../etc' }, { path: 'm', target: 'm' }],
    reading.sources
  )
}

const words = mutated(['a$A', '${A:-b}', '"x $A" \'y\'', 'a\\ b', '${A/b/c}'], WORDS)
const environment = (): Environment => ({
  get: name => (name === 'A' ? 'aaaa' : undefined),
  budget: new Budget()
})

const patterns = mutated(
  ['**/*.ts', '!a/**/b', '[a-z]?*', 'a\\*b', '*a*a*a*a*b'],
  ['*', '**', '/', '?', '[', ']', '^', '-', '!', '\\', 'a']
)
/** No path of Linux is longer than 4,096 bytes. */
const paths = fc
  .oneof(
    fc.constantFrom('a'.repeat(250), `${'a/'.repeat(300)}a`, 'a/b/c.ts', '__proto__', ''),
    evilTexts
  )
  .map(path => path.slice(0, 4_096))

export const DOCKERFILE_TARGETS: readonly Target[] = [
  target('a Dockerfile', fc.tuple(bytesOf(dockerfiles), options), ([bytes, given]) =>
    hold(bytes, given)
  ),
  target('lines of a Dockerfile', dockerfiles, text => {
    readLines(text)
    detectSyntax(text)
  }),
  target(
    'words of a Dockerfile',
    fc.tuple(words, fc.constantFrom('\\', '`')),
    ([text, escapeToken]) => {
      expand(text, environment(), { escapeToken })
      expandToWords(text, environment(), { escapeToken, raw: true })
      quotedWords(text, escapeToken)
      leadingFlags(text, escapeToken)
      parseArg(text, escapeToken)
      parseEnv(text, escapeToken)
    }
  ),
  target(
    'here-documents, flags and mounts',
    mutated(
      [
        '<<EOF <<-"X Y"',
        '--mount=type=bind,from=a,source=b,target=c',
        'type=secret,id=x,"src=a,b"'
      ],
      WORDS
    ),
    text => {
      heredocsOf(text)
      parseMount(text)
      parseTrigger(text)
      jsonStrings(text)
      remoteSource(text, '')
    }
  ),
  target(
    'patterns in variables',
    fc.tuple(patterns, fc.oneof(paths, fc.constant('a'.repeat(4_096)))),
    ([pattern, value]) => {
      const given: Environment = { get: () => value, budget: new Budget() }
      for (const operator of ['#', '##', '%', '%%', '/', '//']) {
        expand(`\${A${operator}${pattern}/b}`, given, { escapeToken: '\\' })
      }
    }
  ),
  target(
    'an ignore file',
    fc.tuple(fc.array(patterns, { maxLength: 20 }), fc.array(paths, { maxLength: 10 })),
    ([lines, list]) => {
      const { ignores } = readIgnore(lines.join('\n'))
      const excludes = excluder(lines)
      for (const path of list) must(typeof (ignores(path) || excludes(path)) === 'boolean', path)
    }
  ),
  target(
    'sources with wildcards',
    fc.tuple(patterns, fc.array(paths, { maxLength: 20 })),
    ([pattern, list]) => {
      hold(Buffer.from(`FROM a\nCOPY ${pattern} /x\nCOPY --exclude=${pattern} . /\n`), {
        buildArguments: new Map()
      })
      const { sources } = readDockerfile(`FROM a\nCOPY ${pattern} /x\n`, {
        buildArguments: new Map()
      })
      selectSources(
        list.map(path => ({ path })),
        sources
      )
      for (const path of list) wildcardMatcher(pattern)(path)
    }
  ),
  target(
    'the line that failed',
    fc.tuple(
      fc.array(
        mutated(
          [
            'Dockerfile:12',
            ' > [stage-1 2/3] RUN x:',
            'Step 3/5 : RUN y',
            'parse error on line 3',
            "The command '/bin/sh -c z' returned a non-zero code"
          ],
          ['\n', ':', '[', '/', ' ', '-----------']
        ),
        { maxLength: 8 }
      ),
      dockerfiles
    ),
    ([lines, text]) => {
      const line = failedLine(lines, { file: '/x/Dockerfile', text })
      must(line === undefined || (line >= 1 && line <= text.split('\n').length), `line ${line}`)
    }
  )
]
