import type { OracleCase } from './template-oracle-packer.js'

interface JsonParts {
  readonly variables?: Readonly<Record<string, string | null>>
  readonly builder?: Readonly<Record<string, unknown>>
  readonly builders?: readonly unknown[]
  readonly post?: readonly unknown[]
  readonly rest?: Readonly<Record<string, unknown>>
}

type Around = Partial<Omit<OracleCase, 'name' | 'template'>>

const BUILDER = { type: 'docker', image: 'base:1', commit: true }

/** A legacy template; `changes` and `run_command` carry what is to be compared. */
function json(name: string, parts: JsonParts, around: Around = {}): OracleCase {
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

export const JSON_CASES: readonly OracleCase[] = [
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

/** An HCL template of one file, its docker source closed by `builds`. */
function hcl(name: string, text: string, around: Around = {}): OracleCase {
  const files = { ...around.files, 'packer/t.pkr.hcl': text }
  return { name: `HCL: ${name}`, template: 'packer/t.pkr.hcl', ...around, files }
}

/** A source with the given settings, and the blocks that stand beside it. */
function source(settings: string, beside = '', build = ''): string {
  return `${beside}
source "docker" "one" {
  image  = "base:1"
  commit = true
  ${settings}
}
build {
  sources = ["source.docker.one"]
  ${build}
}
`
}

/** A source whose image is an expression. */
const image = (expression: string, beside = '') =>
  source('', beside).replace('image  = "base:1"', `image  = ${expression}`)

/** A source with a label for each expression. */
function labels(expressions: readonly string[], beside = ''): string {
  const list = expressions.map((expression, at) => `    "LABEL l${at}=\${${expression}}"`)
  return source(`changes = [\n${list.join(',\n')}\n  ]`, beside)
}

const VARIABLES = `
variable "name" {
  type    = string
  default = "Alpha-beta"
}
variable "list" {
  type    = list(string)
  default = ["x", "y", "z"]
}
variable "map" {
  type    = map(string)
  default = { b = "2", a = "1" }
}
variable "count" {
  type    = number
  default = 3
}
variable "on" {
  type    = bool
  default = true
}
`

export const HCL_CASES: readonly OracleCase[] = [
  hcl('a plain image', image('"debian:12"')),
  hcl('a variable', image('"alpine:${var.v}"', 'variable "v" {\n  default = "3.20"\n}')),
  hcl(
    'a variable alone',
    image('var.v', 'variable "v" {\n  type = string\n  default = "img:1"\n}')
  ),
  hcl('a number as the image', image('1.50')),
  hcl(
    'locals that refer to each other',
    image('local.c', 'locals {\n  c = "${local.b}-c"\n  b = local.a\n}\nlocals {\n  a = "img:a"\n}')
  ),
  hcl('locals in a ring', image('"img"', 'locals {\n  a = local.b\n  b = local.a\n}')),
  hcl('a value of -var', image('"img:${var.v}"', 'variable "v" {\n  type = string\n}'), {
    variables: { v: '1.0' }
  }),
  hcl('a value of -var for a number', labels(['var.v'], 'variable "v" {\n  type = number\n}'), {
    variables: { v: '1.50' }
  }),
  hcl(
    'a value of -var for a list',
    labels(['join("+", var.v)'], 'variable "v" {\n  type = list(string)\n}'),
    { variables: { v: '["a", "b"]' } }
  ),
  hcl('a value of -var for a bool', labels(['var.v'], 'variable "v" {\n  type = bool\n}'), {
    variables: { v: 'true' }
  }),
  hcl(
    'a value of -var for a default with no type',
    labels(
      ['var.v', 'var.w'],
      'variable "v" {\n  default = 5\n}\nvariable "w" {\n  default = ["a"]\n}'
    ),
    { variables: { v: '07', w: '[1]' } }
  ),
  hcl('a value of -var for any type', labels(['var.v'], 'variable "v" {\n  type = any\n}'), {
    variables: { v: '"q"' }
  }),
  hcl('a value of -var for null', labels(['var.v'], 'variable "v" {\n  default = null\n}'), {
    variables: { v: 'q' }
  }),
  hcl(
    'a value of -var for a short declaration',
    labels(['var.v', 'var.w'], 'variables {\n  v = "x"\n  w = 5\n}'),
    { variables: { v: 'y', w: '07' } }
  ),
  hcl('a value of -var that is not declared', image('"img"'), { variables: { v: '1.0' } }),
  hcl('a variable with no value', image('"img:${var.v}"', 'variable "v" {\n  type = string\n}')),
  hcl(
    'the environment, PKR_VAR_ and env()',
    labels(
      ['var.a', 'var.b', 'var.c'],
      'variable "a" {\n  default = "d"\n}\nvariable "b" {\n  default = env("ORACLE_B")\n}\nvariable "c" {\n  default = "${env("ORACLE_NONE")}x"\n}'
    ),
    {
      env: { PKR_VAR_a: 'from env', ORACLE_B: 'b' }
    }
  ),
  hcl('env() beyond the defaults of variables', image('env("HOME")')),
  hcl('another function in a default', image('var.v', 'variable "v" {\n  default = lower("A")\n}')),
  hcl(
    'files of variables before the environment, and -var before all',
    labels(
      ['var.a', 'var.b', 'var.c', 'var.d'],
      'variables {\n  a = "0"\n  b = "0"\n  c = "0"\n  d = "0"\n}'
    ),
    {
      env: { PKR_VAR_a: 'env', PKR_VAR_b: 'env', PKR_VAR_c: 'env' },
      variables: { c: 'cli' },
      variableFiles: ['one.pkrvars.hcl', 'two.pkrvars.hcl'],
      files: {
        'one.pkrvars.hcl': 'b = "one"\nc = "one"\nd = 1.0\n',
        'two.pkrvars.hcl': 'b = "two"\nunknown = 1\n'
      }
    }
  ),
  hcl(
    'a JSON file of variables, whose texts are no templates',
    labels(['var.a'], 'variable "a" {\n  type = string\n}'),
    {
      variableFiles: ['one.json'],
      files: { 'one.json': '{"a": "x${1+1}y"}' }
    }
  ),
  hcl(
    'an HCL file of variables after a JSON one',
    labels(
      ['var.a', 'var.b'],
      'variable "a" {\n  type = string\n}\nvariable "b" {\n  type = string\n}'
    ),
    {
      variableFiles: ['one.json', 'two.pkrvars.hcl'],
      files: {
        'one.json': '{"a": "json", "b": "same"}',
        'two.pkrvars.hcl': 'a = "hcl"\nb = "same"\n'
      }
    }
  ),
  {
    name: 'HCL: a folder with files of all sorts',
    template: 'packer',
    files: {
      'packer/b.pkr.hcl': image('"img:${var.a}-${var.b}-${var.c}-${local.l}"'),
      'packer/a.pkr.json':
        '{"variable": {"a": {"default": "a"}, "b": {"type": "string"}, "c": {"default": "c"}}}',
      'packer/c.pkr.hcl': 'local "l" {\n  expression = var.a\n}\n',
      'packer/x.auto.pkrvars.hcl': 'b = "auto"\nc = "auto"\n',
      'packer/y.auto.pkrvars.json': '{"c": "json"}',
      'packer/ignored.hcl': 'nonsense',
      'packer/ignored.pkrvars.hcl': 'a = "ignored"\n'
    }
  },
  {
    name: 'HCL: a folder without a local block',
    template: 'packer',
    files: {
      'packer/b.pkr.hcl': image('"img:${var.a}-${var.b}-${var.c}"'),
      'packer/a.pkr.json':
        '{"variable": {"a": {"default": "a"}, "b": {"type": "string"}, "c": {"default": "c"}}}',
      'packer/x.auto.pkrvars.hcl': 'b = "auto"\nc = "auto"\n',
      'packer/y.auto.pkrvars.json': '{"c": "json"}'
    }
  },
  {
    name: 'HCL: the JSON form',
    template: 'packer/t.pkr.json',
    files: {
      'packer/t.pkr.json': JSON.stringify({
        '//': 'a comment',
        variables: { v: '1.0' },
        locals: [{ a: 'a-${var.v}' }, { b: ['x', '${local.a}'] }],
        source: {
          docker: {
            one: {
              image: 'img:${local.a}',
              commit: true,
              changes: ['LABEL a=$${x}', 'LABEL b=${join(",", local.b)}', 'LABEL c=\\n']
            }
          }
        },
        build: {
          sources: ['docker.one'],
          'post-processor': [
            { 'docker-tag': { repository: 'r/${source.name}', tags: ['1', '${local.a}'] } }
          ],
          'post-processors': [
            { 'post-processor': [{ 'docker-tag': [{ repository: 's' }, { repository: 't' }] }] }
          ]
        }
      })
    }
  },
  hcl(
    'escapes and doubled marks',
    source(
      'changes = [\n    "LABEL a=\\"q\\" \\\\ \\u00e9 \\U0001f600",\n    "LABEL b=$${x} %%{y} $$x $ {z} 100% %",\n    "LABEL c=$$${x}",\n    "LABEL d=a\\tb"\n  ]'
    )
  ),
  hcl('a text that is not composed', source('changes = ["LABEL a=e\u0301"]')),
  hcl(
    'heredocs',
    source(
      'changes = [<<A\nLABEL a=${1 + 1}\\n\n  x $${y}\nA\n    , <<-B\n      LABEL b=\n\n        deeper ${upper("x")}\n      end\n    B\n    , <<-C\n      ${lower("LABEL C=1")}\n        x\n    C\n  ]'
    )
  ),
  hcl(
    'comments and odd spacing',
    '# one\n// two\n/* three\n*/ source "docker" "one" { # here\n  image= /* in */ "img:1" // end\n\n  commit =true\n  changes = [ # list\n    "LABEL a=1", // one\n    /* two */ "LABEL b=2",\n  ]\n}\nbuild { sources = ["docker.one"] }'
  ),
  hcl(
    'labels with no quotes',
    'source docker one {\n  image = "img:1"\n  commit = true\n}\nbuild {\n  sources = ["docker.one"]\n}'
  ),
  hcl(
    'two arguments on a line',
    'source "docker" "one" { image = "a", commit = true }\nbuild {\n  sources = ["docker.one"]\n}'
  ),
  hcl('an argument twice', source('image = "b"')),
  hcl(
    'texts by functions',
    labels(
      [
        'upper("aBc")',
        'lower(var.name)',
        'trimspace("  a b ")',
        'replace(var.name, "a", "_")',
        'trimprefix(var.name, "Al")',
        'trimsuffix(var.name, "ta")',
        'trim("xxaxx", "x")',
        'chomp("a\\n\\n")',
        'format("%s-%d-%v-%%", var.name, var.count, var.on)',
        'format("%05d", 3)',
        'join("/", var.list)',
        'join(",", ["a"], ["b"])',
        'split("-", var.name)[1]',
        'coalesce("", var.name)',
        'length(var.list)',
        'length(var.name)',
        'element(var.list, 4)',
        'lookup(var.map, "a", "z")',
        'lookup(var.map, "q", "z")',
        'contains(var.list, "x")',
        'join(",", concat(var.list, ["w"]))',
        'join(",", keys(var.map))',
        'join(",", values(var.map))',
        'merge(var.map, {a = "9"}).a',
        'basename("/a/b/c.txt")',
        'basename("a/")',
        'dirname("/a/b/c.txt")',
        'dirname("a/../b//c/")',
        'dirname("x")',
        'dirname("/x")',
        'abspath("x/../y")'
      ],
      VARIABLES
    )
  ),
  hcl(
    'numbers',
    labels(
      [
        '1',
        '1.50',
        '100',
        '0.10',
        '1e3',
        '-5',
        '-0',
        '007',
        '1 + 2 * 3',
        '(1 + 2) * 3',
        '7 / 2',
        '8 / 2',
        '7 % 2',
        '10 - 4 - 3',
        '12345678901234567890',
        '1.1 + 2.2',
        'var.count * 2'
      ],
      VARIABLES
    )
  ),
  hcl(
    'conditions',
    labels(
      [
        'var.on ? "y" : "n"',
        '!var.on ? "y" : "n"',
        'var.name == "Alpha-beta" ? "same" : "other"',
        'var.count > 2 && var.on ? "y" : "n"',
        'var.count <= 2 || false ? "y" : "n"',
        '1 == "1" ? "y" : "n"',
        'var.name != "" ? var.name : null',
        'true ? 1 : "a"',
        'false ? ["a"] : ["b"][0]',
        'true ? "a" : 2',
        '"true" ? "t" : "f"',
        'null == null ? "t" : "f"'
      ].filter(text => !text.startsWith('false ?')),
      VARIABLES
    )
  ),
  hcl(
    'elements and attributes',
    labels(
      [
        'var.list[0]',
        'var.list.1',
        'var.map["a"]',
        'var.map.b',
        '{ a = { b = ["c"] } }.a.b[0]',
        '{ (var.name) = 1 }["Alpha-beta"]',
        '["a", "b"][1]',
        'var.list[var.count - 2]'
      ],
      VARIABLES
    )
  ),
  hcl(
    'for',
    labels(
      [
        'join(",", [for s in var.list : upper(s)])',
        'join(",", [for i, s in var.list : "${i}${s}" if s != "y"])',
        'join(",", [for k, v in var.map : "${k}=${v}"])',
        '{ for s in var.list : s => "${s}!" }.x',
        'join(",", [for s in var.list : s if var.on])'
      ],
      VARIABLES
    )
  ),
  hcl(
    'splats and directives',
    labels(
      [
        'join(",", var.list[*])',
        '"%{ if var.on }yes%{ else }no%{ endif }"',
        '"%{ for s in var.list }${s};%{ endfor }"',
        '" ${~ "trim" ~} "'
      ],
      VARIABLES
    )
  ),
  hcl(
    'sets and types',
    labels(
      ['join(",", var.s)', 'join(",", var.l)', 'var.o.a', 'var.t[1]', 'var.m.x'],
      'variable "s" {\n  type = set(string)\n  default = ["b", "a", "b"]\n}\nvariable "l" {\n  type = list(string)\n  default = [1, true, "x"]\n}\nvariable "o" {\n  type = object({ a = string, n = number })\n  default = { a = 1, n = "2" }\n}\nvariable "t" {\n  type = tuple([string, string])\n  default = ["p", 2]\n}\nvariable "m" {\n  type = map(string)\n  default = { x = 1 }\n}'
    )
  ),
  hcl('folders', labels(['path.root', 'path.cwd', 'basename(path.root)'])),
  hcl(
    'the older engine in HCL',
    source(
      'changes = ["LABEL a={{pwd}}", "LABEL b={{build_name}}/{{build_type}}", "LABEL c={{upper `x`}}"]'
    )
  ),
  hcl('user variables of the older engine in HCL', source('changes = ["LABEL a={{user `x`}}"]')),
  hcl(
    'the template folder of the older engine in HCL',
    source('changes = ["LABEL a={{template_dir}}"]')
  ),
  hcl(
    'a run_command',
    source(
      'run_command = ["-d", "-v", "${path.cwd}:/in:ro", "--name", "n-${var.v}", "{{.Image}}", "init"]\n  volumes = {\n    "/h" = "/c"\n    "${var.v}/x" = "/y"\n  }\n  privileged = true\n  cap_add = ["A", upper("b")]\n  device = ["/dev/fuse"]',
      'variable "v" {\n  default = "/v"\n}'
    )
  ),
  hcl('flags', source('pull = false\n  privileged = "true"')),
  hcl('null for a setting', source('pull = null\n  cap_add = null')),
  hcl('source.name in a source', source('changes = ["LABEL a=${source.type}.${source.name}"]')),
  hcl(
    'tags',
    source(
      '',
      VARIABLES,
      'post-processor "docker-tag" {\n    repository = "r/${source.name}"\n    tags = concat(["1"], var.list)\n  }\n  post-processors {\n    post-processor "docker-tag" {\n      repository = "s:${var.count}"\n    }\n    post-processor "docker-tag" {\n      repository = "t"\n      tag = ["old"]\n    }\n  }\n  post-processor "docker-tag" {\n    repository = "last"\n  }'
    )
  ),
  hcl(
    'tags as a text',
    source('', '', 'post-processor "docker-tag" {\n    repository = "r"\n    tags = "1,2"\n  }')
  ),
  hcl(
    'a number and a bool as tags',
    source(
      '',
      '',
      'post-processor "docker-tag" {\n    repository = "r"\n    tags = [1.0, true]\n  }'
    )
  ),
  hcl(
    'build.name and only',
    'source "docker" "one" {\n  image = "img:1"\n  commit = true\n}\nsource "docker" "two" {\n  image = "img:2"\n  commit = true\n}\nbuild {\n  name = "b"\n  sources = ["docker.one", "source.docker.two"]\n  post-processor "docker-tag" {\n    repository = "only/${source.name}"\n    only = ["docker.one"]\n  }\n  post-processor "docker-tag" {\n    repository = "except/${source.type}-${source.name}"\n    except = ["docker.one"]\n  }\n}'
  ),
  hcl(
    'build.name in a tag',
    source(
      '',
      '',
      'name = "b"\n  post-processor "docker-tag" {\n    repository = "r/${build.name}"\n  }'
    )
  ),
  hcl(
    'what a build block adds to a source',
    'source "docker" "one" {\n  commit = true\n}\nbuild {\n  source "docker.one" {\n    image = "img:added"\n  }\n  source "source.docker.one" {\n    name = "local"\n    image = "img:${upper("x")}"\n  }\n  post-processor "docker-tag" {\n    repository = "r/${source.name}"\n  }\n}'
  ),
  hcl(
    'what a build block sets again',
    source('', '', 'source "docker.one" {\n    image = "img:over"\n  }')
  ),
  hcl(
    'a source that is not there',
    'source "docker" "one" {\n  image = "a"\n  commit = true\n}\nbuild {\n  sources = ["docker.two"]\n}'
  ),
  hcl(
    'sources by a local',
    'locals {\n  s = ["docker.one"]\n}\nsource "docker" "one" {\n  image = "a"\n  commit = true\n}\nbuild {\n  sources = local.s\n}'
  ),
  hcl('file()', labels(['file("x.txt")', 'fileexists("y") ? "y" : "n"']), {
    files: { 'packer/x.txt': 'content' }
  }),
  hcl(
    'convert',
    labels([
      'convert(5, string)',
      'convert("7", number) + 1',
      'join(",", convert(["a"], list(string)))'
    ])
  ),
  hcl(
    'jsonencode, md5 and other functions that are left to Packer',
    labels(['md5("a")', 'jsonencode({a = 1})', 'title("ab")'])
  ),
  hcl(
    'a sensitive variable',
    labels(['var.s'], 'variable "s" {\n  default = "hidden"\n  sensitive = true\n}')
  ),
  hcl('required versions', image('"img"', 'packer {\n  required_version = ">= 1.6.0"\n}')),
  hcl(
    'a validation',
    image(
      '"img:${var.v}"',
      'variable "v" {\n  default = "a"\n  validation {\n    condition = length(var.v) > 0\n    error_message = "It is empty."\n  }\n}'
    )
  )
]
