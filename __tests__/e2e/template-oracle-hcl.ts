import type { CaseSettings, OracleCase } from './template-oracle-packer.js'

/** An HCL template of one file, its docker source closed by `builds`. */
function hcl(name: string, text: string, around: CaseSettings = {}): OracleCase {
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

/** Cases that Packer does not build, by which Packers. */
const REFUSED: Readonly<Record<string, OracleCase['refusedBy']>> = {
  'HCL: locals in a ring': 'all',
  'HCL: a value of -var for any type': 'all',
  'HCL: a value of -var for a default with no type': 'all',
  'HCL: a value of -var for null': 'older',
  'HCL: a value of -var that is not declared': 'all',
  'HCL: a variable with no value': 'all',
  'HCL: env() beyond the defaults of variables': 'all',
  'HCL: another function in a default': 'all',
  'HCL: a folder with files of all sorts': 'older',
  'HCL: two arguments on a line': 'all',
  'HCL: an argument twice': 'all',
  'HCL: user variables of the older engine in HCL': 'all',
  'HCL: the template folder of the older engine in HCL': 'all',
  'HCL: source.name in a source': 'older',
  'HCL: tags as a text': 'all',
  'HCL: build.name in a tag': 'older',
  'HCL: what a build block sets again': 'all',
  'HCL: a source that is not there': 'all',
  'HCL: sources by a local': 'older'
}

/** Cases of which something is left to Packer, or read differently by its versions. */
const LEFT = new Set([
  'HCL: a value of -var for null',
  'HCL: a value of -var for a short declaration',
  'HCL: an HCL file of variables after a JSON one',
  'HCL: texts by functions',
  'HCL: numbers',
  'HCL: splats and directives',
  'HCL: file()',
  'HCL: jsonencode, md5 and other functions that are left to Packer'
])

const CASES: readonly OracleCase[] = [
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

export const HCL_CASES: readonly OracleCase[] = CASES.map(one => ({
  ...one,
  ...(REFUSED[one.name] ? { refusedBy: REFUSED[one.name] } : {}),
  ...(LEFT.has(one.name) ? { left: true as const } : {})
}))
