import type { CaseSettings, OracleCase } from './template-oracle-packer.js'

interface JsonParts {
  readonly variables?: Readonly<Record<string, string | null>>
  readonly builder?: Readonly<Record<string, unknown>>
  readonly builders?: readonly unknown[]
  readonly post?: readonly unknown[]
  readonly rest?: Readonly<Record<string, unknown>>
}

const BUILDER = { type: 'docker', image: 'base:1', commit: true }

/** A legacy template; `changes` and `run_command` carry what is to be compared. */
function json(name: string, parts: JsonParts, around: CaseSettings = {}): OracleCase {
  const template = {
    ...(parts.variables ? { variables: parts.variables } : {}),
    builders: parts.builders ?? [{ ...BUILDER, ...parts.builder }],
    ...(parts.post ? { 'post-processors': parts.post } : {}),
    ...parts.rest
  }
  const files = { ...around.files, 'packer/t.json': JSON.stringify(template, null, 2) }
  return { name: `JSON: ${name}`, template: 'packer/t.json', ...around, files }
}

const tag = (settings: object) => ({ type: 'docker-tag', ...settings })

const changes = (...texts: string[]) => ({ builder: { changes: texts } })

/** Cases that no Packer builds. */
const REFUSED = new Set([
  'JSON: the environment where it is not allowed',
  'JSON: the build name in a variable',
  'JSON: split beyond the end',
  'JSON: an unclosed action',
  'JSON: a function that docker does not have',
  'JSON: names in another case',
  'JSON: a required variable with no value',
  'JSON: a variable that calls one that is not there',
  'JSON: variables that call each other in a ring',
  'JSON: a file of variables with a number',
  'JSON: a number as a variable',
  'JSON: a name at the root that is not known'
])

/** Cases of which something is left to Packer. */
const LEFT = new Set(['JSON: functions of text/template', 'JSON: not ASCII'])

const CASES: readonly OracleCase[] = [
  json('a plain image', { builder: { image: 'debian:12' } }),
  json('a user variable in the image', {
    variables: { v: '3.20' },
    builder: { image: 'alpine:{{user `v`}}' }
  }),
  json('variables that call each other, in any order', {
    variables: { c: '{{user `b`}}-c', a: 'x', b: '{{user `a`}}{{user `a`}}' },
    builder: { image: 'img:{{user `c`}}' }
  }),
  json('a variable in double quotes', {
    variables: { a: '{{user "b"}}', b: 'one' },
    builder: { image: 'img:{{user "a"}}' }
  }),
  json('a variable that is not declared', { builder: { image: 'img{{user `nothing`}}' } }),
  json(
    'a value of -var, with the syntax of templates in it',
    { variables: { a: '{{user `b`}}', b: 'no' }, builder: { image: 'img:{{user `a`}}' } },
    { variables: { b: '{{env `ORACLE_TAG`}}' }, env: { ORACLE_TAG: 'seen' } }
  ),
  json(
    'a value of -var for a variable that calls it in double quotes',
    {
      variables: { a: '{{user "b"}}', b: 'no' },
      builder: {
        image: 'img:1',
        ...changes('LABEL a={{user `a`}}', 'LABEL b={{user `b`}}').builder
      }
    },
    { variables: { b: 'x{{user `c`}}', c: 'y' } }
  ),
  json(
    'the environment in variables',
    {
      variables: {
        a: '{{env `ORACLE_A`}}',
        b: '{{ env "ORACLE_B" }}',
        c: 'x{{env `ORACLE_NONE`}}y'
      },
      ...changes('LABEL a={{user `a`}}', 'LABEL b={{user `b`}}', 'LABEL c={{user `c`}}')
    },
    { env: { ORACLE_A: 'from here', ORACLE_B: 'b=1' } }
  ),
  json('the environment where it is not allowed', { builder: { image: 'img:{{env `HOME`}}' } }),
  json(
    'folders',
    changes('LABEL p={{pwd}}', 'LABEL t={{template_dir}}', 'LABEL b={{build_name}}/{{build_type}}')
  ),
  json('folders in variables', {
    variables: { p: '{{pwd}}', t: '{{ template_dir }}' },
    ...changes('LABEL p={{user `p`}}', 'LABEL t={{user `t`}}')
  }),
  json('the build name in a variable', {
    variables: { n: '{{build_name}}' },
    ...changes('LABEL n={{user `n`}}')
  }),
  json('upper, lower, split and replace', {
    variables: { s: 'One-two-Three' },
    ...changes(
      'LABEL a={{upper `abc`}}',
      'LABEL b={{lower (user `s`)}}',
      'LABEL c={{split (user `s`) "-" 1}}',
      'LABEL d={{user `s` | upper}}',
      'LABEL e={{replace "-" "_" 1 (user `s`)}}',
      'LABEL f={{replace_all "-" "." (user `s`)}}',
      'LABEL g={{user `s` | replace "-" "" -1 | lower}}',
      'LABEL h={{split `a,b` "," 0 | upper}}'
    )
  }),
  json('split of an empty separator', changes('LABEL a={{split `abc` "" 1}}')),
  json('split beyond the end', changes('LABEL a={{split `abc` "-" 1}}')),
  json(
    'trimmed actions and comments',
    changes('LABEL a= {{- /* none */ -}} {{- user `x` -}} b', 'LABEL c={{/* c */}}d')
  ),
  json(
    'strings of all sorts',
    changes(
      'LABEL a={{user "no\\"ne"}}b',
      'LABEL b={{ `x` }}',
      'LABEL c={{ "q\\tr" }}',
      'LABEL d={{ 12 }}'
    )
  ),
  json('braces that are no actions', changes('LABEL a=}}', 'LABEL b={ {x} }', 'LABEL c={{`{{`}}')),
  json('an unclosed action', changes('LABEL a={{user `x`')),
  json(
    'functions of text/template',
    changes(
      'LABEL a={{printf "%s-%d" `x` 3}}',
      'LABEL b={{if eq `a` `a`}}yes{{end}}',
      'LABEL c={{len `abc`}}'
    )
  ),
  json('a function that docker does not have', changes('LABEL a={{clean_resource_name `a`}}')),
  json('fields in a variable', {
    variables: { v: 'x {{.Image}} {{ .Path }} {{user `w`}}', w: 'w' },
    builder: { run_command: ['-d', '--env', 'X={{user `w`}}', '{{.Image}}', '/bin/sh'] }
  }),
  json('a run_command with all that is used', {
    variables: { p: '/in', n: 'name' },
    builder: {
      run_command: [
        '-d',
        '-v',
        '{{pwd}}:{{user `p`}}.in:ro',
        '--name',
        '{{user `n`}}',
        '-e',
        'A={{build_name}}',
        '{{ .Image }}',
        'init'
      ]
    }
  }),
  json('a run_command that calls a variable with an action in it', {
    variables: { v: 'image is {{.Image}}' },
    builder: { run_command: ['-d', '-e', 'X={{user `v`}}', '{{.Image}}'] }
  }),
  json('a run_command as a text', { builder: { run_command: '-d,-i,{{.Image}},sh' } }),
  json('options of docker run', {
    variables: { h: '/host' },
    builder: {
      volumes: { '{{user `h`}}/a': '/a', '/b': '/b:ro' },
      privileged: 'true',
      cap_add: ['SYS_ADMIN', 'NET_{{upper `admin`}}'],
      cap_drop: 'ALL,KILL',
      device: ['/dev/fuse'],
      tmpfs: ['/run', '/tmp']
    }
  }),
  json('flags as texts and numbers', { builder: { pull: 'false', privileged: 1, commit: 'T' } }),
  json('pull as null', { builder: { pull: null } }),
  json('names in another case', { builders: [{ Type: 'docker', Image: 'img:2', Commit: true }] }),
  json('a number as the image', { builder: { image: 1.5 } }),
  json('several builders', {
    builders: [
      { ...BUILDER, name: 'one', image: 'img:one' },
      { ...BUILDER, name: 'two', image: 'img:{{build_name}}' }
    ],
    post: [tag({ repository: 'out/{{build_name}}', tags: ['1'] })]
  }),
  json('a builder whose name is a variable', {
    variables: { n: 'mine' },
    builders: [{ ...BUILDER, name: '{{user `n`}}', image: 'img:{{build_name}}' }]
  }),
  json('only and except', {
    builders: [
      { ...BUILDER, name: 'one' },
      { ...BUILDER, name: 'two' }
    ],
    post: [
      tag({ repository: 'only/{{build_name}}', only: ['one'] }),
      tag({ repository: 'except/{{build_name}}', except: ['one'] })
    ]
  }),
  json('a tag in the repository', { post: [tag({ repository: 'a/b:1.0' })] }),
  json('tags as a list', { post: [tag({ repository: 'a/b', tags: ['1', '{{upper `x`}}'] })] }),
  json('tags as a text', { post: [tag({ repository: 'a/b', tags: '1, 2,3' })] }),
  json('the older tag', { post: [tag({ repository: 'a/b', tag: '1' })] }),
  json('the older tag with commas, from a variable', {
    variables: { t: 'x,y' },
    post: [tag({ repository: 'a/b', tag: '{{user `t`}}' })]
  }),
  json('both kinds of tag', {
    post: [tag({ repository: 'a/b', tag: ['old'], tags: ['new', 'newer'] })]
  }),
  json('an empty tag', { post: [tag({ repository: 'a/b', tag: '' })] }),
  json('flags as texts', {
    builder: { cap_add: [true, false] },
    post: [tag({ repository: 'a/b', tags: [true] })]
  }),
  json('numbers as tags', { post: [tag({ repository: 'a/b', tags: [1, 2.5] })] }),
  json('force', { post: [tag({ repository: 'a/b', tags: ['1'], force: true })] }),
  json('a sequence of post-processors', {
    post: [
      [tag({ repository: 'a/b', tags: ['1'] }), tag({ repository: 'c/d' })],
      tag({ repository: 'e/f', tags: ['2'] })
    ]
  }),
  json('docker-import of an export', {
    builders: [{ type: 'docker', image: 'base:1', export_path: 'out.tar' }],
    post: [
      [
        { type: 'docker-import', repository: 'imp/a', tag: '0.7' },
        tag({ repository: 'imp/b', tags: ['1'] })
      ]
    ]
  }),
  json('docker-import with no tag', {
    builders: [{ type: 'docker', image: 'base:1', export_path: 'out.tar' }],
    post: [{ type: 'docker-import', repository: 'imp/a' }]
  }),
  json('discard', { builders: [{ type: 'docker', image: 'base:9', discard: true }] }),
  json(
    'a required variable',
    { variables: { v: null }, builder: { image: 'img:{{user `v`}}' } },
    { variables: { v: '7' } }
  ),
  json('a required variable with no value', {
    variables: { v: null },
    builder: { image: 'img:{{user `v`}}' }
  }),
  json('a variable that calls one that is not there', {
    variables: { a: '{{user `b`}}' },
    builder: { image: 'img:{{user `a`}}' }
  }),
  json('one that calls nothing, and others that call each other', {
    variables: { a: '{{user `gone`}}', b: '{{user `c`}}', c: 'c' },
    builder: { image: 'img:x{{user `a`}}' }
  }),
  json('variables that call each other in a ring', {
    variables: { a: '{{user `b`}}', b: '{{user `a`}}' },
    builder: { image: 'img:x{{user `a`}}' }
  }),
  json(
    'files of variables, the last and -var winning',
    {
      variables: { a: '0', b: '0', c: '0' },
      ...changes(
        'LABEL a={{user `a`}}',
        'LABEL b={{user `b`}}',
        'LABEL c={{user `c`}}',
        'LABEL d={{user `d`}}'
      )
    },
    {
      variables: { c: '3' },
      variableFiles: ['one.json', 'two.json'],
      files: {
        'one.json': '{"a": "1", "b": "1", "c": "1"}',
        'two.json': '{"b": "2", "c": "2", "d": "{{user `a`}}"}'
      }
    }
  ),
  json(
    'a file of variables with a number',
    { variables: { a: '0' }, builder: { image: 'img:{{user `a`}}' } },
    { variableFiles: ['one.json'], files: { 'one.json': '{"a": 1}' } }
  ),
  json('a number as a variable', {
    rest: { variables: { a: 1 } },
    builder: { image: 'img:{{user `a`}}' }
  }),
  json('comments at the root', { rest: { _comment: 'fine', description: 'd' } }),
  json('a name at the root that is not known', { rest: { builder: [] } }),
  json('sensitive variables', {
    variables: { secret: 's3cret', shown: 'x' },
    ...changes('LABEL s={{user `secret`}}'),
    rest: { 'sensitive-variables': ['secret'] }
  }),
  json('not ASCII', changes('LABEL é={{user `é`}}…', 'LABEL x={{upper `é`}}'))
]

export const JSON_CASES: readonly OracleCase[] = CASES.map(one => ({
  ...one,
  ...(REFUSED.has(one.name) ? { refusedBy: 'all' as const } : {}),
  ...(LEFT.has(one.name) ? { left: true as const } : {})
}))
