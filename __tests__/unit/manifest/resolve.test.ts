import { describe, expect, test } from 'vitest'
import { processorTimeOf } from '../../fixtures/processor-time.js'
import { problemsOf, resolveImages, resolveOne, resolveText } from './resolve-text.js'

const at = (place: string, message: string) => `docker/IMAGES.json:${place}: ${message}`
const oneProblem = async (entry: object, env = {}) => {
  const problems = await problemsOf(resolveOne(entry, { env }))
  return problems.map(problem => problem.replace(/^docker\/IMAGES.json:/, ''))
}

describe('a name and a version', () => {
  test('come from the tag, which wins over what is written', async () => {
    const image = await resolveOne({ tag: 'reg:5000/a/b/app:1.0', name: 'x', version: '2' })
    expect(image).toMatchObject({ name: 'app', version: '1.0', tagSource: 'written' })
  })

  test('are the written ones where there is no tag, which they make', async () => {
    const image = await resolveOne({ name: 'app', version: '2' })
    expect(image).toMatchObject({
      name: 'app',
      version: '2',
      tags: ['app:2'],
      tagSource: 'derived'
    })
  })

  test.each([
    [{ tag: 'a/app' }, 'latest'],
    [{ tag: 'a/app', version: '3' }, '3'],
    [{ tag: 'a/app', builder_type: 'packer', file: '9.json' }, 'latest']
  ])('%j: the tag has no version', async (entry, version) => {
    expect(await resolveOne(entry)).toMatchObject({ name: 'app', version })
  })

  test.each([
    ['5.4.0.json', '5.4.0'],
    ['sub/base.pkr.hcl', 'base'],
    ['base.pkr.json', 'base'],
    ['folder', 'folder']
  ])("of a packer image are the root folder's and the file's: %s", async (file, version) => {
    const image = await resolveOne({ builder_type: 'packer', file }, { root: '/src/setups.mysql' })
    expect(image).toMatchObject({ name: 'mysql', version, tags: [], tagSource: 'none' })
  })

  test('may be written with placeholders in each other', async () => {
    const image = await resolveOne({ name: 'app-{version}', version: '2' })
    expect(image.tags).toEqual(['app-2:2'])
  })

  test('mean the written ones while the tag is being filled in, and the tag afterwards', async () => {
    const image = await resolveOne({
      tag: 'acme/{name}:{version}-alpine',
      name: 'app',
      version: '2',
      test: '{name} {version} {0} {1}'
    })
    expect(image).toMatchObject({ tags: ['acme/app:2-alpine'], test: 'app 2-alpine app 2-alpine' })
  })

  test('have defaults while the tag is being filled in', async () => {
    expect((await resolveOne({ tag: '{name}:{version}' })).tags).toEqual(['project:latest'])
    const packer = await resolveOne({ builder_type: 'packer', tag: 'a:{version}', file: '7.json' })
    expect(packer.tags).toEqual(['a:7'])
    expect((await resolveOne({ builder_type: 'packer', tag: 'a:{version}' })).tags).toEqual([
      'a:latest'
    ])
  })

  test('are looked at even where the tag wins', async () => {
    expect(await oneProblem({ tag: 'a:1', name: '{nope}' })).toEqual([
      expect.stringContaining(
        '6:12: found the unknown `{nope}`, expected one of {name}, {version}, {tag}'
      )
    ])
  })
})

describe('a tag', () => {
  test('is needed where a Dockerfile builds', async () => {
    expect(await oneProblem({ name: 'app' })).toEqual([
      '3:3: expected a `tag`, or a `name` with a `version`, as a Dockerfile builds the image'
    ])
  })

  test.each([
    ['A', 'the repository `A` has to be lower case'],
    ['', undefined],
    ['-t', '`-t` is not made of letters and digits with single `.`, `_`, `__` or `-` between them'],
    [`a@sha256:${'0'.repeat(64)}`, 'a digest is known only when the image is built']
  ])('has to be a reference: %j', async (tag, problem) => {
    expect((await oneProblem({ tag }))[0]).toContain(
      problem ?? 'expected a tag, found an empty text'
    )
  })

  test('has further ones after it, each once', async () => {
    const { images, warnings } = await resolveImages([
      { dockerfile: 'D', tag: 'debian', tags: ['debian:latest', '{tag}:12', 'b:{version}'] }
    ])
    expect(images[0]?.tags).toEqual(['debian', 'debian:12', 'b:latest'])
    expect(warnings.map(warning => warning.message)).toEqual([
      'found a tag that the image has already'
    ])
  })

  test('that cannot be made of name and version is an error', async () => {
    expect(await oneProblem({ name: 'App', version: '1' })).toEqual([
      '5:12: expected an image reference, found `App:1`: the repository `App` has to be lower case'
    ])
  })
})

describe('a builder', () => {
  test.each([
    [{}, 'packer'],
    [{ builder_type: 'packer' }, 'packer'],
    [{ builder_type: 'docker' }, 'dockerfile'],
    [{ dockerfile: 'D' }, 'dockerfile'],
    [{ docker_file: 'D' }, 'dockerfile']
  ])('%j is %s', async (entry, builder) => {
    const { images } = await resolveImages([{ tag: 'a:1', ...entry }])
    expect(images[0]).toMatchObject({ builder })
  })

  test('is the Dockerfile, with a warning, where packer is written as well', async () => {
    const entry = { tag: 'a:1', builder_type: 'packer', dockerfile: 'D', file: 'E' }
    const { images, warnings } = await resolveImages([entry])
    expect(images[0]).toMatchObject({ builder: 'dockerfile', fileAsWritten: 'E' })
    expect(warnings.map(warning => warning.message)).toEqual([
      'found `packer`, but a Dockerfile is given, which builds the image',
      'found another file than in `file`, which is taken'
    ])
  })

  test('that is not known has the nearest one named', async () => {
    expect(await oneProblem({ tag: 'a:1', builder_type: 'dokerfile' })).toEqual([
      '4:20: expected `packer`, `dockerfile` or `docker`, found the text `dokerfile`: did you mean `dockerfile`?'
    ])
  })
})

describe('a file', () => {
  const dockerfile = (entry: object, files: readonly string[] = []) =>
    resolveOne({ tag: 'a/app:1', ...entry }, { files }).then(image => image.file)
  const template = (entry: object, files: readonly string[] = []) =>
    resolveOne({ builder_type: 'packer', ...entry }, { files }).then(image => image.file)

  test('is by default named after name and version, where a version is written', async () => {
    expect(await dockerfile({})).toBe('/src/project/Dockerfile')
    expect(await dockerfile({ version: '1' })).toBe('/src/project/Dockerfile.app-1')
    expect(await template({ name: 'x' })).toBe('/src/project/docker/packer/x.json')
    expect(await template({ name: 'x', version: '1' })).toBe('/src/project/docker/packer/x-1.json')
    expect(await template({ tag: 'a/x' })).toBe('/src/project/docker/packer/x.json')
  })

  test('is, for a template, the name alone where only that is there', async () => {
    const folder = '/src/project/docker/packer'
    expect(await template({ tag: 'a/x:1' }, [`${folder}/x.json`])).toBe(`${folder}/x.json`)
    expect(await template({ tag: 'a/x:1' }, [`${folder}/x.json`, `${folder}/x-1.json`])).toBe(
      `${folder}/x-1.json`
    )
    expect(await template({ tag: 'a/x:1' })).toBe(`${folder}/x-1.json`)
  })

  test('is looked for below the working directory, then beside the manifest', async () => {
    const [first, second, third] = [
      '/src/project/D',
      '/src/project/docker/dockerfile/D',
      '/src/project/docker/docker/D'
    ] as const
    expect(await dockerfile({ file: 'D' })).toBe(first)
    expect(await dockerfile({ file: 'D' }, [third])).toBe(third)
    expect(await dockerfile({ file: 'D' }, [third, second])).toBe(second)
    expect(await dockerfile({ file: 'D' }, [third, second, first])).toBe(first)
    expect(await dockerfile({ file: '/else/D' })).toBe('/else/D')
  })

  test('may have placeholders, and is what an id has', async () => {
    const image = await resolveOne({
      builder_type: 'packer',
      tag: 'a/x:1',
      file: '{name}/{1}.json'
    })
    expect(image).toMatchObject({ fileAsWritten: 'x/1.json', id: 'packer__x/1.json' })
  })

  test('that begins with a dash is refused', async () => {
    expect(await oneProblem({ tag: 'a:1', dockerfile: '-{name}' })).toEqual([
      '6:18: expected a path, found `-a`, which a tool would take for an option'
    ])
  })
})

describe('a working directory', () => {
  test("is the folder above the manifest's", async () => {
    const { images } = await resolveImages([{ tag: 'a:1' }], { path: 'deep/er/IMAGES.json' })
    expect(images[0]?.workingDirectory).toBe('/src/project/deep')
  })

  test('counts from the manifest', async () => {
    const image = await resolveOne({ tag: 'a:1', working_dir: '../app' })
    expect(image).toMatchObject({
      workingDirectory: '/src/project/app',
      file: '/src/project/app/Dockerfile'
    })
  })

  test('counts from the root, with a warning, where only the root has it', async () => {
    const entries = [{ tag: 'a:1', working_dir: 'app' }]
    const both = ['/src/project/app', '/src/project/docker/app']
    const root = await resolveImages(entries, { files: both.slice(0, 1) })
    expect(root.images[0]?.workingDirectory).toBe('/src/project/app')
    expect(root.warnings).toEqual([
      {
        message: "found `app` below the project's root, expected it relative to the manifest",
        file: 'docker/IMAGES.json',
        position: { line: 5, column: 19 }
      }
    ])
    const manifest = await resolveImages(entries, { files: both })
    expect(manifest.images[0]?.workingDirectory).toBe('/src/project/docker/app')
    expect(manifest.warnings).toEqual([])
  })
})

describe('placeholders', () => {
  test('give every part of the tag, empty where it has none', async () => {
    const parts =
      '{img_parts[registry]}|{img_parts[registry_host]}|{img_parts[registry_port]}|{img_parts[repo]}|{img_parts[image]}|{img_parts[tag]}'
    const fill = async (tag: string) => (await resolveOne({ tag, test: parts })).test
    expect(await fill('reg:5000/a/b/c:1')).toBe('reg:5000|reg|5000|a/b|c|1')
    expect(await fill('c')).toBe('||||c|latest')
  })

  test('give the builder, the file, the working directory, and fields of the image', async () => {
    const image = await resolveOne({
      tag: 'a:1',
      dockerfile: 'D.{name}',
      constructor: 'own',
      timeout: 5,
      test: '{builder_type} {file} {dockerfile} {working_dir} {constructor} {timeout}'
    })
    expect(image.test).toBe('dockerfile D.a D.a /src/project own 5')
  })

  test('are filled in in every field that says so, and once', async () => {
    const entry = {
      tag: 'a:{v}',
      tags: ['b:{v}'],
      v: '1',
      braces: '{v}',
      extra_args: ['{braces}', '{{v}}'],
      build_args: { A: '{env[B]}' }
    }
    const image = await resolveOne(entry, { env: { B: '{v}' } })
    expect(image).toMatchObject({
      tags: ['a:1', 'b:1'],
      extraArguments: ['{v}', '{v}'],
      buildArguments: [['A', '{v}']]
    })
  })

  test('that are unknown have the known ones named, all in one go', async () => {
    const problems = await oneProblem({ tag: 'a:1', own: 'x', test: '{own}{foo}{own[a]}{bar}' })
    const known =
      '{name}, {version}, {tag}, {file}, {builder_type}, {working_dir}, {0}, {1}, {own}, {test}, {img_parts[registry]}, {img_parts[registry_host]}, {img_parts[registry_port]}, {img_parts[repo]}, {img_parts[image]}, {img_parts[tag]}, {env[NAME]}'
    expect(problems).toEqual(
      ['{foo}', '{own[a]}', '{bar}'].map(
        text => `7:12: found the unknown \`${text}\`, expected one of ${known}`
      )
    )
  })

  test('that are unknown have the first names told of an image with thousands, but no long ones', async () => {
    const fields = Array.from({ length: 10_000 }, (_, at) => [`_${at}`, ''])
    const own = { [`_${'l'.repeat(1_000)}`]: '', ...Object.fromEntries(fields) }
    const [problem = ''] = await oneProblem({ tag: 'a:1', test: '{nope}', ...own })
    expect(problem).toContain('{_0}, {_1}')
    expect(problem.length).toBeLessThan(1_000)
  })

  test.each([
    [
      '{env[A]}',
      'found `{env[A]}`, but the environment variable A is not set, or kept from builders'
    ],
    [
      '{env[__proto__]}',
      'found `{env[__proto__]}`, but the environment variable __proto__ is not set, or kept from builders'
    ],
    ['{env}', "found `{env}`, expected a variable's name, as in `{env[HOME]}`"],
    ['{img_parts[x]}', 'found `{img_parts[x]}`, expected one of `{img_parts[registry]}`'],
    ['{img_parts[constructor]}', 'found `{img_parts[constructor]}`, expected one of'],
    ['{toString}', 'found the unknown `{toString}`'],
    ['{__proto__}', 'found the unknown `{__proto__}`'],
    ['{tags}', 'expected a string, found a list'],
    ['{', 'found `{` without a `}` after it']
  ])('%s is refused in words', async (text, problem) => {
    expect((await oneProblem({ tag: 'a:1', tags: ['b:1'], test: text })).join()).toContain(problem)
  })

  test('for the tag of a packer image that writes none are refused', async () => {
    const entry = { builder_type: 'packer', file: 'a.json', extra_args: '{tag} {img_parts[tag]}' }
    expect(await oneProblem(entry)).toEqual([
      '6:18: found `{tag}`, but the image writes no `tag`',
      '6:18: found `{img_parts[tag]}`, but the image writes no `tag`'
    ])
  })

  test.each([
    [{ tag: 'a:{name}', name: '{tag}' }, 'tag → name → tag'],
    [{ tag: '{file}', dockerfile: '{name}' }, 'tag → file → name → tag'],
    [{ name: '{version}', version: '{name}' }, 'name → version → name'],
    [{ tag: 'a:1', file: '{file}' }, 'file → file'],
    [{ tag: 'a:1', extra_args: '{extra_args}' }, 'extra_args → extra_args'],
    [{ builder_type: 'packer', name: 'a', file: '{version}.json' }, 'version → file → version']
  ])('of fields that stand on one another are told once: %j', async (entry, cycle) => {
    const problems = await oneProblem(entry)
    expect(problems).toEqual([
      expect.stringContaining(`found fields that stand on one another: ${cycle}`)
    ])
  })
})

describe('arguments', () => {
  test.each([['{env[V]}'], [['--label', '{env[V]}']]])(
    'never become an option by what is filled in: %j',
    async extra_args => {
      const entry = { tag: 'a:1', extra_args }
      const problems = await problemsOf(resolveOne(entry, { env: { V: '--output=/x' } }))
      expect(problems).toHaveLength(1)
      expect(problems[0]).toContain(
        'found `{env[V]}`, which becomes `--output=/x`: a tool would take it for an option'
      )
    }
  )

  test('are split before they are filled in, so that no value becomes an argument', async () => {
    const entry = {
      tag: 'a:1',
      extra_args: "--label 'x y={env[V]}' {env[V]}",
      build_args: { B: '{tag}', A: '' }
    }
    const image = await resolveOne(entry, { env: { V: 'a --b "c' } })
    expect(image.extraArguments).toEqual(['--label', 'x y=a --b "c', 'a --b "c'])
    expect(image.buildArguments).toEqual([
      ['B', 'a:1'],
      ['A', '']
    ])
  })

  test.each([
    ['$HOME', '`$`'],
    ['`id`', 'a backtick']
  ])('that a shell would have looked at warn: %s', async (extra_args, sign) => {
    const { images, warnings } = await resolveImages([{ tag: 'a:1', extra_args }])
    expect(images[0]?.extraArguments).toEqual([extra_args])
    expect(warnings.map(warning => warning.message)).toEqual([
      `found ${sign}, which stays as it is: no shell runs`
    ])
  })

  test('with an open quote are refused', async () => {
    expect(await oneProblem({ tag: 'a:1', extra_args: "a 'b" })).toEqual([
      "6:18: found `'` without its partner, expected it"
    ])
  })

  test('of a map need names, and values in quotes', async () => {
    const build_args = { 'A=B': 'x', B: 1.1, C: true, '': '' }
    expect(await oneProblem({ tag: 'a:1', build_args })).toEqual([
      '8:10: expected a string, found the number 1.1: put it in quotes (as a number, 1.10 is 1.1)',
      '9:10: expected a string, found the boolean true: put it in quotes'
    ])
    expect(await oneProblem({ tag: 'a:1', build_args: { 'A=B': 'x', '': '' } })).toEqual([
      '7:5: found `A=B`, expected a name of letters, digits, `_`, `-` and `.`',
      '8:5: found ``, expected a name of letters, digits, `_`, `-` and `.`'
    ])
  })
})

describe('a matrix', () => {
  test('makes an image of each combination, its first name varying slowest', async () => {
    const { images } = await resolveImages([
      { dockerfile: 'D.{b}', tag: 'x:{a}{b}', matrix: { a: ['1', '2'], b: ['-b', ''] } }
    ])
    expect(images.map(image => [image.tags[0], image.fileAsWritten])).toEqual([
      ['x:1-b', 'D.-b'],
      ['x:1', 'D.'],
      ['x:2-b', 'D.-b'],
      ['x:2', 'D.']
    ])
  })

  test('may vary a field of the image by its name', async () => {
    const { images } = await resolveImages([
      { builder_type: 'docker', tag: 'x:{version}', matrix: { version: ['1', '2'] } }
    ])
    expect(images.map(image => image.fileAsWritten)).toEqual(['Dockerfile.x-1', 'Dockerfile.x-2'])
  })

  test('has values that are not looked at for placeholders', async () => {
    const { images } = await resolveImages([
      { dockerfile: 'D', tag: 'x:1', test: '{v}', matrix: { v: ['{tag}'] } }
    ])
    expect(images[0]?.test).toBe('{tag}')
  })

  test.each([
    [{ a: [1.1] }, 'expected a string, found the number 1.1'],
    [{ a: [] }, 'expected at least one value, found an empty list'],
    [{ a: 'x' }, 'expected a list of strings, found the text `x`'],
    [[], 'expected a map from names to lists of strings, found an empty list'],
    [{ a: ['1'], b: ['1'] }, 'found `b`, expected `{b}` in a field of the image'],
    [{ a: ['1'], tag: ['1'] }, 'found `tag` as a field of the image, too'],
    [{ a: ['1'], push: ['1'] }, 'found `push`, which means something else: choose another name'],
    [{ a: ['1'], env: ['1'] }, 'found `env`, which means something else: choose another name'],
    [{ a: ['1'], 'b c': ['1'] }, 'found `b c`, expected a name of letters, digits, `_` and `-`']
  ])('%j is refused', async (matrix, problem) => {
    const problems = await oneProblem({ tag: 'x:{a}', matrix })
    expect(problems).toHaveLength(1)
    expect(problems[0]).toContain(problem)
  })

  test('cannot be named __proto__', async () => {
    const text = '{"images": [{"tag": "a:{__proto__}", "matrix": {"__proto__": ["1"]}}]}'
    expect((await problemsOf(resolveText(text)))[0]).toContain('found `__proto__`, expected a name')
  })

  test('has at most 100,000 combinations', async () => {
    const values = (count: number) => Array.from({ length: count }, (_, index) => `${index}`)
    const entry = (count: number) => ({
      tag: 'x:{a}-{b}-{c}',
      matrix: { a: values(10), b: values(10), c: values(count) }
    })
    expect((await oneProblem(entry(1001)))[0]).toContain(
      'found 100100 combinations, expected at most 100000'
    )
    const { images } = await resolveImages([{ dockerfile: 'D', ...entry(100) }])
    expect(images).toHaveLength(10_000)
  })
})

describe('other fields', () => {
  test('are as they are written', async () => {
    const fields = {
      depends_on: ['{b}'],
      inputs: ['{c,d}/**'],
      push: false,
      timeout: 0.5,
      retries: 0
    }
    expect(await resolveOne({ tag: 'a:1', test: ['x', '{name}'], ...fields })).toMatchObject({
      dependsOn: ['{b}'],
      inputs: ['{c,d}/**'],
      push: false,
      timeoutMinutes: 0.5,
      retries: 0,
      test: ['x', 'a'],
      manifest: 'docker/IMAGES.json',
      position: { line: 3, column: 3 }
    })
  })

  test('are what nothing asks for where they are not written', async () => {
    const image = await resolveOne({ tag: 'a:1' })
    expect(image).toMatchObject({
      dependsOn: [],
      push: true,
      extraArguments: [],
      buildArguments: []
    })
    for (const field of ['inputs', 'timeoutMinutes', 'retries', 'test'] as const) {
      expect(image[field]).toBeUndefined()
    }
  })

  test.each([
    [{ push: 'no' }, 'expected `true` or `false`, found the text `no`'],
    [{ timeout: 0 }, 'expected a number of minutes above 0, found the number 0'],
    [{ timeout: '5' }, 'expected a number of minutes, found the text `5`'],
    [{ retries: -1 }, 'expected a whole number from 0 on, found the number -1'],
    [{ retries: 0.5 }, 'expected a whole number, found the number 0.5'],
    [{ tags: 'a' }, 'expected a list of strings, found the text `a`'],
    [{ depends_on: 'a' }, 'expected a list of strings, found the text `a`'],
    [{ inputs: [1] }, 'expected a string, found the number 1: put it in quotes'],
    [{ test: [] }, 'expected at least one word, found an empty list'],
    [{ test: 3 }, 'expected a string or a list of strings, found the number 3'],
    [{ extra_args: ['a', 1] }, 'expected a string, found the number 1: put it in quotes'],
    [{ extra_args: {} }, 'expected a string or a list of strings, found a map'],
    [{ build_args: ['a'] }, 'expected a map from names to strings, found a list'],
    [{ name: null }, 'expected a string, found nothing'],
    [{ file: 'a\0b' }, 'expected a string without NUL characters, found the text `a\\u0000b`'],
    [{ name: '' }, 'expected a name, found an empty text']
  ])('%j is refused', async (fields, problem) => {
    const problems = await oneProblem({ tag: 'a:1', ...fields })
    expect(problems).toHaveLength(1)
    expect(problems[0]).toContain(problem)
  })

  test('that are not known have the nearest one named, unless they are free or used', async () => {
    const entry = { taag: 'a', Version: '1', 'x-a': {}, _b: [], $schema: '', used: 'b' }
    expect(await oneProblem({ tag: 'a:1', test: '{used}', ...entry })).toEqual([
      '7:4: found the unknown field `taag`: did you mean `tag`?',
      '8:4: found the unknown field `Version`: did you mean `version`?'
    ])
  })

  test('of a placeholder have to be text', async () => {
    expect(await oneProblem({ tag: 'a:{v}', v: 1.1 })).toEqual([
      '6:9: expected a string, found the number 1.1: put it in quotes (as a number, 1.10 is 1.1)'
    ])
  })
})

describe('a manifest', () => {
  test.each([
    ['[]', '1:1', 'expected a map with `images`, found an empty list'],
    ['"a"', '1:1', 'expected a map with `images`, found the text `a`'],
    ['{}', '1:1', 'expected a list of images, found nothing'],
    ['{"images": {}}', '1:12', 'expected a list of images, found a map'],
    ['{"images": [1]}', '1:13', 'expected an image, as a map of fields, found the number 1'],
    ['{"images": [null]}', '1:13', 'expected an image, as a map of fields, found nothing'],
    [
      '{"images": [], "imags": []}',
      '1:16',
      'found the unknown field `imags`: did you mean `images`?'
    ]
  ])('%s is refused', async (text, place, problem) => {
    expect(await problemsOf(resolveText(text))).toEqual([at(place, problem)])
  })

  test('may have keys of its own', async () => {
    const text = '{"$schema": "", "x-a": 1, "_b": {}, "images": [{"tag": "a:1"}]}'
    expect((await resolveText(text)).images).toHaveLength(1)
  })

  test('without images warns', async () => {
    expect((await resolveText('{"images": []}')).warnings).toEqual([
      {
        message: 'found an empty list: there is nothing to build',
        file: 'docker/IMAGES.json',
        position: { line: 1, column: 12 }
      }
    ])
  })

  test('has all its errors told in one go, in the order of the text', async () => {
    const text = `{ # the chain
  "images": [
    {"tag": "A", "push": 1, "builder_type": "docker"},
    7,
    {"dockerfile": "{x}", "tag": "a:1", "tga": ""},
  ],
  "y": 1
}`
    const problems = await problemsOf(resolveText(text))
    expect(problems.map(problem => problem.split(':').slice(1, 3).join(':'))).toEqual([
      '3:13',
      '3:26',
      '4:5',
      '5:20',
      '5:41',
      '7:3'
    ])
  })

  test('with a million errors has the first thousand told', async () => {
    const text = `{"images": [${'{"a": 1}, '.repeat(100_000)}]}`
    const problems = await problemsOf(resolveText(text))
    expect(problems).toHaveLength(1001)
    expect(problems.at(-1)).toBe('these are the first 1000, there may be more')
  })

  test('of ten times as many images takes ten times as long, and not a hundred times', async () => {
    const timeOf = (count: number) => {
      const entries = Array.from({ length: count }, (_, index) => ({
        tag: `acme/app${index}:v${index}`,
        dockerfile: 'docker/{name}/Dockerfile.{version}',
        extra_args: '--build-arg A={img_parts[tag]}'
      }))
      return processorTimeOf(async () => {
        expect((await resolveImages(entries)).images).toHaveLength(count)
      })
    }
    const few = await timeOf(1_000)
    expect(await timeOf(10_000)).toBeLessThan(50 * few)
  })
})
