import { describe, expect, it } from 'vitest'
import { dockerSource, lines, messages, readFiles, readHcl, shown } from './template-support.js'

const image = async (expression: string, beside = '', given = {}) =>
  shown([
    (await readHcl(dockerSource(`image = ${expression}`, '', beside), given)).builders[0]?.image
  ])[0]

const VARIABLE = 'variable "v" {\n  type = string\n  default = "1"\n}\n'

describe('the base of an HCL template', () => {
  it('is what variables and locals say', async () => {
    const locals = 'locals {\n  b = "${local.a}-x"\n  a = upper(var.v)\n}\n'
    expect(await image('"i:${local.b}"', VARIABLE + locals, { cli: { v: 'ab' } })).toBe('i:AB-x')
  })

  it('follows -var, then files of variables, then PKR_VAR_, then the default', async () => {
    const env = { PKR_VAR_v: '2' }
    const files = { 'a.pkrvars.hcl': 'v = "3"\n', 'b.pkrvars.hcl': 'v = "4"\n' }
    expect(await image('var.v', VARIABLE)).toBe('1')
    expect(await image('var.v', VARIABLE, { env })).toBe('2')
    expect(await image('var.v', VARIABLE, { env, files })).toBe('4')
    expect(await image('var.v', VARIABLE, { env, files, cli: { v: '5' } })).toBe('5')
  })

  it('is not known where versions of Packer read values in another order', async () => {
    const files = { 'a.json': '{"v": "3"}', 'b.pkrvars.hcl': 'v = "4"\n' }
    expect(await image('var.v', VARIABLE, { files })).toBe('?')
  })

  it('takes the environment by env() in defaults', async () => {
    const variable = 'variable "v" {\n  default = env("TAG")\n}\n'
    expect(await image('"i:${var.v}"', variable, { env: { TAG: '9' } })).toBe('i:9')
    const { environment } = await readHcl(dockerSource('image = var.v', '', variable))
    expect(environment).toEqual(['PKR_VAR_v', 'TAG'])
  })

  it('is not known without a value', async () => {
    const variable = 'variable "v" {\n  type = string\n}\n'
    expect(await image('"i:${var.v}"', variable)).toBe('?')
    const { unknownVariables } = await readHcl(dockerSource('image = var.v', '', variable))
    expect(unknownVariables).toEqual(['v'])
  })

  it.each([
    'timestamp()',
    '"${uuidv4()}"',
    'true ? timestamp() : "a"',
    'md5(timestamp())',
    '[for x in [1] : timestamp()][0]',
    'consul_key("k")',
    'data.a.b == "c" ? timestamp() : "d"',
    'join(",", [for x in data.a.b : timestamp()])'
  ])('changes each time with %s', async expression => {
    expect(await image(expression)).toBe('!')
  })

  it.each([
    'md5("a")',
    'data.http.x.body',
    'var.gone',
    'packer.version',
    'file("x")',
    '1 / 3',
    '-0',
    'data.a.b == null ? "x" : "y"'
  ])('is left to Packer with %s', async expression => {
    expect(await image(expression)).toBe('?')
  })

  it('comes from each use of a source, and from what a build block adds', async () => {
    const { builders } = await readHcl(`source "docker" "a" {
  image = "x"
}
source "docker" "b" {}
build {
  name = "n"
  sources = ["source.docker.a"]
  source "docker.b" {
    name = "c"
    image = "y-\${source.name}"
  }
}
`)
    expect(builders.map(({ name, image: base }) => [name, ...shown([base])])).toEqual([
      ['n.docker.a', 'x'],
      ['n.docker.c', 'y-c']
    ])
  })
})

describe('the values of an HCL template', () => {
  const value = (expression: string, beside = '') => image(expression, beside)

  it.each([
    ['"a${1 + 2 * 3}b"', 'a7b'],
    ['"$${x} %%{y} \\" \\t\\u00e9"', '${x} %{y} " \té'],
    ['<<E\n  a ${"b"}\n  c\nE', '  a b\n  c\n'],
    ['<<-E\n    a\n      b\n\n    c\n  E', 'a\n  b\n\nc\n'],
    ['1.50', '1.5'],
    ['true', 'true'],
    ['-3', '-3'],
    ['join(",", [for k, v in { b = 1, a = 2 } : "${k}${v}"])', 'a2,b1'],
    ['[1, "x"][1]', 'x'],
    ['{ a = { "b" = "c" } }.a["b"]', 'c'],
    ['format("%s-%d%%", "a", 3)', 'a-3%'],
    ['coalesce("", "b")', 'b'],
    ['replace("a-b-c", "-", "_")', 'a_b_c'],
    ['split("/", "a/b")[0]', 'a'],
    ['basename(path.root)', 'packer'],
    ['path.cwd', '/project'],
    ['1 == "1" ? "same" : "other"', 'other'],
    ['"x" != "" && !false ? "y" : "n"', 'y'],
    ['"x" == "x" && false ? "y" : "n"', 'n'],
    ['"e\u0301"', 'é'],
    ['lookup({ a = "1" }, "b", "2")', '2'],
    ['{ (upper("a")) = "1" }.A', '1'],
    ['[for k in ["a"] : { (k) = "1" }][0].a', '1'],
    ['trimsuffix("ab", "")', 'ab'],
    ['[for k, v in { (path.cwd) = 1 } : k][0]', '/project'],
    ['"{{build_name}} {{ upper `x` }}"', 'one X']
  ])('%s is %s', async (expression, expected) => {
    expect(await value(expression)).toBe(expected)
  })

  it('are not known where a local refers to itself', async () => {
    expect(await value('local.a', 'locals {\n  a = local.b\n  b = local.a\n}\n')).toBe('?')
  })

  it('are texts, and no templates, in a JSON file of variables', async () => {
    expect(await image('var.v', VARIABLE, { files: { 'v.json': '{"v": "${1}"}' } })).toBe('${1}')
  })

  it.each([
    ['variables {\n  v = 5\n}\n', '07', '?'],
    ['variables {\n  v = "5"\n}\n', '07', '07'],
    ['variable "v" {\n  default = 5\n}\n', '07', '7'],
    ['variable "v" {\n  default = null\n}\n', 'x', '?'],
    ['variable "v" {\n  type = bool\n}\n', 'true', 'true'],
    ['variable "v" {\n  type = bool\n}\n', 'x', '?']
  ])('are, for %j given %j, %j', async (variable, given, expected) => {
    expect(await image('"${var.v}"', variable, { cli: { v: given } })).toBe(expected)
  })

  it('are not known in a tuple of another length', async () => {
    const tuple = 'variable "t" {\n  type = tuple([string])\n  default = ["a", "b"]\n}\n'
    expect(await value('var.t[0]', tuple)).toBe('?')
  })

  it('are held in the type of their variable', async () => {
    const set = 'variable "s" {\n  type = set(string)\n  default = ["b", "a", "b"]\n}\n'
    expect(await value('join("", var.s)', set)).toBe('ab')
    const number = 'variable "n" {\n  type = number\n  default = "1.0"\n}\n'
    expect(await value('var.n', number)).toBe('1')
  })
})

describe('an HCL template that Packer refuses', () => {
  it.each([
    ['source "docker" "a" {\n  image = \n}', 2, 'an expression'],
    ['a = "${x"\n', 1, 'brace'],
    ['a = "x\n"', 1, 'does not end on its line'],
    ['a = 1\na = 2\n', 2, 'a is set twice'],
    ['a { b = 1, c = 2 }', 1, 'one argument'],
    ['a = [1 2]', 1, 'a comma'],
    ['a = "\\q"', 1, 'no escape of HCL'],
    ['a {\n', 2, 'expected here'],
    ['a = <<E\nx\n', 3, 'does not end'],
    ['build {\n  sources = ["docker.x"]\n}', 1, 'no source docker.x']
  ])('says where %j is wrong', async (text, line, message) => {
    const { problems } = await readHcl(text)
    expect(lines(problems)).toEqual([line])
    expect(messages(problems)[0]).toContain(message)
  })

  it('sets in a build block what its source sets already', async () => {
    const { problems } = await readHcl(
      dockerSource('image = "a"', 'source "docker.one" {\n    image = "b"\n  }')
    )
    expect(messages(problems)).toEqual([
      'image is set in the source already, and Packer takes it once'
    ])
  })

  it('is given a variable that it does not declare', async () => {
    const { problems } = await readHcl(dockerSource('image = "a"'), { cli: { gone: '1' } })
    expect(messages(problems)).toEqual(['-var sets gone, which the template does not declare'])
  })
})

describe('an HCL template of a folder', () => {
  it('is all its files, with the values that Packer finds beside them', async () => {
    const { builders, problems } = await readFiles({
      '/project/packer/b.pkr.hcl': dockerSource('image = "${var.a}${var.b}${local.c}"'),
      '/project/packer/a.pkr.json':
        '{"variable": {"a": {"default": "1"}, "b": {}}, "locals": {"c": "${var.b}!"}}',
      '/project/packer/x.auto.pkrvars.hcl': 'b = "2"\n'
    })
    expect(problems).toEqual([])
    expect(shown([builders[0]?.image])).toEqual(['122!'])
  })

  it('has its builds in the order of its files, HCL before JSON', async () => {
    const build = (name: string) =>
      `source "docker" "${name}" {}\nbuild {\n  sources = ["docker.${name}"]\n}\n`
    const { builders } = await readFiles({
      '/project/packer/a.pkr.json':
        '{"source": {"docker": {"j": {}}}, "build": {"sources": ["docker.j"]}}',
      '/project/packer/c.pkr.hcl': build('c'),
      '/project/packer/b.pkr.hcl': build('b')
    })
    expect(builders.map(({ name }) => name)).toEqual(['docker.b', 'docker.c', 'docker.j'])
  })

  it('may be written in JSON, with the order of post-processors kept', async () => {
    const post = {
      'post-processor': [{ 'docker-tag': { repository: 'a' } }, { 'docker-push': {} }]
    }
    const { tags, publishes, builders } = await readFiles({
      '/project/packer/t.pkr.json': JSON.stringify({
        '//': 'comment',
        source: { docker: { one: { image: '$${x}${upper("y")}', commit: true } } },
        build: {
          sources: ['docker.one'],
          'post-processors': [post],
          'post-processor': [{ 'docker-tag': { repository: 'b', tags: ['1'] } }]
        }
      })
    })
    expect(shown(tags)).toEqual(['a', 'b:1'])
    expect(shown([builders[0]?.image])).toEqual(['${x}Y'])
    expect(publishes).toBeDefined()
  })
})

describe('what else an HCL template tells', () => {
  it('is its components, its plugins and its versions', async () => {
    const template = await readHcl(`packer {
  required_version = ">= 1.7"
  required_plugins {
    docker = {
      source  = "github.com/hashicorp/docker"
      version = "~> 1"
    }
  }
}
data "http" "x" {
  url = "http://127.0.0.1"
}
${dockerSource(
  'image = "a"',
  `provisioner "shell" {
    inline = ["x"]
  }
  provisioner "ansible-local" {
    playbook_file = "p.yml"
  }
  post-processors {
    post-processor "docker-tag" {
      repository = "r"
    }
    post-processor "docker-push" {}
  }`
)}`)
    expect(template.components).toEqual({
      builders: ['docker'],
      provisioners: ['shell', 'ansible-local'],
      postProcessors: ['docker-tag', 'docker-push'],
      dataSources: ['http']
    })
    expect(template.requiredPlugins).toEqual([
      { name: 'docker', source: 'github.com/hashicorp/docker', version: '~> 1' }
    ])
    expect(template.requiredVersion).toBe('>= 1.7')
    expect(template.publishes?.position?.line).toBe(30)
    expect(messages(template.untracked)).toEqual([
      'data source http may answer something else each time'
    ])
  })

  it('is what to mask, and what a container runs with', async () => {
    const variable =
      'variable "s" {\n  default = "hidden"\n  sensitive = true\n}\nlocal "t" {\n  expression = var.s\n  sensitive = true\n}\n'
    const { sensitiveVariables, builders, mounts } = await readHcl(
      dockerSource(
        'run_command = ["-d", "-v", "${path.cwd}:/in", "{{.Image}}", "{{pwd}}"]\n  privileged = true\n  volumes = {\n    "/a" = "/b"\n  }',
        '',
        variable
      )
    )
    expect(sensitiveVariables.map(({ name, value }) => [name, ...shown([value])])).toEqual([
      ['s', 'hidden'],
      ['local.t', 'hidden']
    ])
    expect(shown(builders[0]?.runCommand ?? [])).toEqual([
      '-d',
      '-v',
      '/project:/in',
      '{{.Image}}',
      '/project'
    ])
    expect(builders[0]).toMatchObject({ privileged: true, pull: true })
    expect(shown(mounts)).toEqual(['/project', '/a'])
  })
})

it('is not read where so many builds of so many components would take minutes', async () => {
  const { builders, problems } = await readHcl(
    `source "docker" "a" {}\nbuild {\n  sources = [${Array(300).fill('"source.docker.a"').join()}]\n${'  provisioner "shell" {}\n'.repeat(300)}}\n`
  )
  expect(builders).toEqual([])
  expect(problems.map(({ message }) => message)).toEqual([
    '90000 provisioners and post-processors of all builds are more than is read'
  ])
})

it('counts the components of all build blocks together', async () => {
  const sources = Array(100).fill('"source.docker.a"').join()
  const block = `build {\n  sources = [${sources}]\n${'  provisioner "shell" {}\n'.repeat(100)}}\n`
  const { builders, problems } = await readHcl(`source "docker" "a" {}\n${block.repeat(4)}`)
  expect(builders).toHaveLength(200)
  expect(problems).toHaveLength(2)
})
