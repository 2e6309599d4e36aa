import { describe, expect, it } from 'vitest'
import { dockerBuilder, lines, messages, readJson, shown } from './template-support.js'

const image = async (template: object, given = {}) =>
  shown([(await readJson(template, given)).builders[0]?.image])[0]

describe('a template with much that is wrong', () => {
  it('tells of the first fifty', async () => {
    const builders = Array.from({ length: 2_000 }, () => ({}))
    const { problems } = await readJson({ builders })
    expect(problems).toHaveLength(50)
    expect(problems[0]?.message).toBe('a component needs a "type"')
  })
})

describe('the base of a legacy template', () => {
  it('is what a variable says, whose default may call others', async () => {
    const variables = { c: '{{user `b`}}', b: '{{user `a`}}-{{ upper `x` }}', a: '1' }
    expect(await image({ variables, builders: [dockerBuilder({ image: 'i:{{user `c`}}' })] })).toBe(
      'i:1-X'
    )
  })

  it('follows -var, then the last file of variables, then the default', async () => {
    const template = {
      variables: { a: '0', b: '0', c: '0' },
      builders: [dockerBuilder({ image: '{{user `a`}}{{user `b`}}{{user `c`}}' })]
    }
    const files = { '1.json': '{"a": "1", "b": "1"}', '2.json': '{"b": "2", "c": "2"}' }
    expect(await image(template, { files, cli: { c: '3' } })).toBe('123')
  })

  it('takes the environment in defaults, and nowhere else', async () => {
    const variables = { v: '{{env `TAG`}}' }
    const env = { TAG: '7' }
    const named = { variables, builders: [dockerBuilder({ image: 'i:{{user `v`}}' })] }
    expect(await image(named, { env })).toBe('i:7')
    expect((await readJson(named, { env })).environment).toEqual(['TAG'])
    expect(await image({ builders: [dockerBuilder({ image: 'i:{{env `TAG`}}' })] })).toBe('?')
  })

  it('is not known while a required variable has no value', async () => {
    const template = {
      variables: { v: null, w: 'x{{user `v`}}' },
      builders: [dockerBuilder({ image: 'i:{{user `w`}}' })]
    }
    expect(await image(template)).toBe('?')
    expect((await readJson(template)).unknownVariables).toEqual(['v'])
    expect(await image(template, { cli: { v: '2' } })).toBe('i:x2')
  })

  it('is not known, and changes, where a time or a random id is in it', async () => {
    for (const call of [
      '{{timestamp}}',
      '{{isotime "2006"}}',
      '{{uuid}}',
      '{{if true}}{{uuid}}{{end}}'
    ]) {
      const variables = { v: call }
      expect(await image({ variables, builders: [dockerBuilder({ image: '{{user `v`}}' })] })).toBe(
        '!'
      )
      expect(await image({ builders: [dockerBuilder({ image: `a${call}` })] })).toBe('!')
    }
  })

  it('is not known where Packer has a function that is left to it', async () => {
    expect(await image({ builders: [dockerBuilder({ image: '{{printf "%s" `a`}}' })] })).toBe('?')
    expect(
      await image({ builders: [dockerBuilder({ image: '{{clean_resource_name `a`}}' })] })
    ).toBe('?')
  })

  it('is what functions make of it, piped or in parentheses', async () => {
    const variables = { v: 'One-two-Three' }
    const calls = [
      '{{split (user `v`) "-" 1}}',
      '{{user `v` | replace "-" "" -1 | lower}}',
      '{{replace "-" "_" 1 (user `v`)}}',
      '{{replace_all "-" "." "a-b-c"}}',
      '{{- /* none */ -}} x{{ `{{` }}'
    ]
    const builders = [dockerBuilder({ changes: calls })]
    const template = await readJson({ variables, builders })
    expect(shown(template.builders[0]?.changes ?? [])).toEqual([
      'two',
      'onetwothree',
      'One_two-Three',
      'a.b.c',
      'x{{'
    ])
  })

  it('is filled in again where a value of -var calls a function itself', async () => {
    const template = {
      variables: { a: '{{user `b`}}', b: '' },
      builders: [dockerBuilder({ image: 'i:{{user `a`}}' })]
    }
    const given = { cli: { b: '{{ `X` | env }}' }, env: { X: 'seen' } }
    expect(await image(template, given)).toBe('i:seen')
    expect((await readJson(template, given)).environment).toEqual(['X'])
  })

  it('is left open where variables call each other in a ring', async () => {
    const variables = { a: '{{user `b`}}', b: '{{user `a`}}' }
    expect(await image({ variables, builders: [dockerBuilder({ image: '{{user `a`}}' })] })).toBe(
      '?'
    )
  })
})

describe('what a legacy template tags', () => {
  const tags = async (...post: readonly unknown[]) =>
    shown((await readJson({ builders: [dockerBuilder()], 'post-processors': post })).tags)

  it('is the repository with each tag, new ones before old ones', async () => {
    const tag = { type: 'docker-tag', repository: 'a/b', tags: ['1', '2'], tag: 'x,y', force: true }
    expect(await tags(tag)).toEqual(['a/b:1', 'a/b:2', 'a/b:x', 'a/b:y'])
  })

  it('is the repository alone where no tag is given', async () => {
    expect(await tags({ type: 'docker-tag', repository: 'a/b:1.0' })).toEqual(['a/b:1.0'])
  })

  it('comes from sequences and imports too, in order, each once', async () => {
    const first = { type: 'docker-tag', repository: 'a' }
    const imported = { type: 'docker-import', repository: 'c', tag: '1' }
    expect(await tags([imported, first], 'docker-push', first)).toEqual(['c:1', 'a'])
  })

  it('is not known where a tag changes each time', async () => {
    expect(await tags({ type: 'docker-tag', repository: 'a', tags: ['1', '{{isotime}}'] })).toEqual(
      ['a:1', '!']
    )
  })

  it('is told for each builder, by only and except', async () => {
    const template = await readJson({
      builders: [dockerBuilder({ name: 'x' }), dockerBuilder({ name: 'y' })],
      'post-processors': [
        { type: 'docker-tag', repository: 'only/{{build_name}}', only: ['x'] },
        { type: 'docker-tag', repository: 'not/{{build_name}}', except: ['x'] }
      ]
    })
    expect(template.builders.map(({ name, tags: own }) => [name, ...shown(own)])).toEqual([
      ['x', 'only/x'],
      ['y', 'not/y']
    ])
    expect(shown(template.tags)).toEqual(['only/x', 'not/y'])
  })
})

describe('the builder of a legacy template', () => {
  it('has all that starts its container', async () => {
    const { builders } = await readJson({
      variables: { p: '/in' },
      builders: [
        dockerBuilder({
          run_command: [
            '-d',
            '-v',
            '{{pwd}}:{{user `p`}}',
            '{{ .Image }}',
            '{{template_dir}}/init'
          ],
          volumes: { '{{pwd}}/a': '/b' },
          privileged: 'true',
          pull: 0,
          cap_add: ['A'],
          cap_drop: 'B,C',
          device: ['/dev/x'],
          tmpfs: ['/run'],
          changes: ['CMD x'],
          platform: 'linux/arm64',
          container_dir: '/files',
          exec_user: '1000'
        })
      ]
    })
    const [builder] = builders
    expect(shown(builder?.runCommand ?? [])).toEqual([
      '-d',
      '-v',
      '/project:/in',
      '{{.Image}}',
      '/project/packer/init'
    ])
    expect(builder?.volumes.map(shown)).toEqual([['/project/a', '/b']])
    expect(builder).toMatchObject({ privileged: true, pull: false, commit: true, discard: false })
    expect(shown(builder?.capDrop ?? [])).toEqual(['B', 'C'])
    expect(
      shown([builder?.platform, builder?.containerDir, builder?.execUser, builder?.exportPath])
    ).toEqual(['linux/arm64', '/files', '1000', undefined])
  })

  it.each([
    ['T', true],
    ['1', true],
    [1, true],
    ['false', false],
    ['', false]
  ])('takes %j for a flag', async (privileged, expected) => {
    const { builders } = await readJson({ builders: [dockerBuilder({ privileged })] })
    expect(builders[0]?.privileged).toBe(expected)
  })

  it('takes null for a setting that is not there', async () => {
    const { builders } = await readJson({
      builders: [dockerBuilder({ pull: null, changes: null })]
    })
    expect(builders[0]).toMatchObject({ pull: true, changes: [] })
  })

  it('leaves run_command out where the template does', async () => {
    const { builders } = await readJson({ builders: [dockerBuilder()] })
    expect(builders[0]).toMatchObject({ runCommand: undefined, pull: true, privileged: false })
  })

  it('may build a Dockerfile in place of a base', async () => {
    const { builders } = await readJson({
      builders: [
        { type: 'docker', commit: true, build: { path: 'a/Dockerfile', arguments: { V: '1' } } }
      ]
    })
    const [builder] = builders
    expect(shown([builder?.image, builder?.dockerfile?.path, builder?.dockerfile?.folder])).toEqual(
      [undefined, '/project/a/Dockerfile', '/project']
    )
    expect(builder?.dockerfile?.arguments.map(shown)).toEqual([['V', '1']])
  })
})

describe('a legacy template that Packer refuses', () => {
  it('points at a comment, and says what JSON templates have in its place', async () => {
    for (const comment of ['// no', '# no', '/* no */']) {
      const { problems } = await readJson(`{\n  ${comment}\n  "builders": []\n}`)
      expect(lines(problems)).toEqual([2])
      expect(messages(problems)[0]).toContain('root key that begins with "_"')
    }
  })

  it.each([
    ['{"builders": []\n', 2, 'brace'],
    ['{"builders": [\n1,\n]}', 3, 'value'],
    ["{'builders': []}", 1, 'double quotes'],
    ['', 1, 'value'],
    ['{"variables": {"a": "1",\n"a": "2"}}', 2, 'a stands twice'],
    ['{"builder": []}', 1, 'builder is no key of a template'],
    ['{"_x": 1}', 1, 'has to be a text'],
    ['{"variables": {"a": 1}}', 1, 'variable a has to be a text'],
    ['{"builders": {}}', 1, 'builders is a list'],
    ['{"builders": [\n{"image": "a"}]}', 2, 'needs a "type"'],
    ['[]', 1, 'an object']
  ])('says where %j is wrong', async (text, line, message) => {
    const { problems } = await readJson(text)
    expect(lines(problems)).toEqual([line])
    expect(messages(problems)[0]).toContain(message)
  })

  it('says which file of variables is wrong, and trusts no variable then', async () => {
    const template = {
      variables: { a: '1' },
      builders: [dockerBuilder({ image: 'i:{{user `a`}}' })]
    }
    const given = { files: { 'v.json': '{"a": 1}' } }
    const { problems, builders } = await readJson(template, given)
    expect(problems[0]?.place?.file).toBe('v.json')
    expect(shown([builders[0]?.image])).toEqual(['?'])
  })

  it('takes a root key that begins with "_"', async () => {
    expect((await readJson({ _comment: 'x', builders: [dockerBuilder()] })).problems).toEqual([])
  })
})

describe('what else a legacy template tells', () => {
  it('is its components, its version and where it publishes', async () => {
    const template = await readJson(`{
      "min_packer_version": "1.5.0",
      "builders": [{"type": "docker", "image": "a", "commit": true}],
      "provisioners": [{"type": "shell"}, {"type": "ansible-local", "playbook_file": "p.yml"}, {"type": "shell"}],
      "error-cleanup-provisioner": {"type": "shell-local"},
      "post-processors": [["docker-tag",
        {"type": "docker-push"}], "manifest"]
    }`)
    expect(template.components).toEqual({
      builders: ['docker'],
      provisioners: ['shell', 'ansible-local', 'shell-local'],
      postProcessors: ['docker-tag', 'docker-push', 'manifest'],
      dataSources: []
    })
    expect(template).toMatchObject({ format: 'json', requiredVersion: '>= 1.5.0' })
    expect(template.publishes).toEqual({
      file: '/project/packer/t.json',
      position: { line: 7, column: 9 }
    })
  })

  it('is the variables to mask', async () => {
    const variables = { secret: 's3{{user `x`}}', x: 'cret' }
    const { sensitiveVariables } = await readJson({
      variables,
      'sensitive-variables': ['secret'],
      builders: []
    })
    expect(sensitiveVariables.map(({ name, value }) => [name, ...shown([value])])).toEqual([
      ['secret', 's3cret']
    ])
  })
})

it('is not read where so many builds of so many components would take minutes', async () => {
  const { builders, problems } = await readJson({
    builders: Array(300).fill(dockerBuilder()),
    provisioners: Array(300).fill({ type: 'shell' })
  })
  expect(builders).toEqual([])
  expect(problems.map(({ message }) => message)).toEqual([
    '90000 provisioners and post-processors of all builds are more than is read'
  ])
})
