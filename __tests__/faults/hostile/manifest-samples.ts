/** Good manifests, with all that a manifest may hold. */
export const JSON_MANIFESTS: readonly string[] = [
  `{"images": [{"builder_type": "dockerfile", "tag": "acme/app:1.0", "file": "Dockerfile", "working_dir": ".."}]}`,
  JSON.stringify(
    {
      $schema: './images.schema.json',
      'x-note': 'free',
      images: [
        {
          file: 'base.json',
          tag: 'registry.test:5000/acme/base:12',
          extra_args: '-var a={version} "b c"'
        },
        {
          dockerfile: 'Dockerfile.{flavour}',
          tag: 'acme/{flavour}:{release}',
          tags: ['acme/{flavour}:latest', 'acme/{img_parts[image]}:{img_parts[tag]}-x'],
          flavour: 'slim',
          matrix: { release: ['1.0', '1.1', '2'] },
          build_args: { VERSION: '{release}', HOME_IS: '{env[HOME]}', BRACES: '{{x}}' },
          depends_on: ['acme/base:12'],
          inputs: ['src/**/*.ts', '!**/*.md', '../shared'],
          test: ['sh', '-c', 'test {version} = x'],
          push: false,
          timeout: 10,
          retries: 1
        },
        {
          name: 'plain',
          version: '3',
          builder_type: 'docker',
          extra_args: ['--label', 'v={0}:{1}']
        }
      ]
    },
    null,
    1
  )
]

export const COMMENTED_MANIFESTS: readonly string[] = [
  '# a\n// b\n/* c\n */{"images": [ // d\n{"tag": "a/b:1", "dockerfile": "D",}, /* "e" */ ],}',
  ...JSON_MANIFESTS.map(
    text => `// ${text.slice(0, 10)}\n${text.replaceAll('}', ',}').replaceAll('{,}', '{}')}`
  )
]

export const YAML_MANIFESTS: readonly string[] = [
  'images:\n  - &base\n    tag: acme/base:1\n    dockerfile: Dockerfile\n    build_args: {A: "1", B: two}\n  - <<: *base\n    tag: acme/app:1\n    extra_args: >-\n      --label a=b\n      --no-cache\n',
  'images: [{tag: "a:1", dockerfile: D, tags: ["b:1", c], matrix: {v: ["1", "2"]}, extra_args: "{v}"}]\n',
  'x-a: &a [x, y]\nx-b: &b [*a, *a, *a]\nx-c: &c [*b, *b, *b]\nimages:\n  - tag: a:1\n    dockerfile: D\n    inputs: *a\n'
]

export const MANIFEST_WORDS: readonly string[] = [
  ...[
    '"images"',
    '"tag"',
    '"tags"',
    '"name"',
    '"version"',
    '"file"',
    '"dockerfile"',
    '"docker_file"'
  ],
  ...[
    '"working_dir"',
    '"extra_args"',
    '"build_args"',
    '"depends_on"',
    '"inputs"',
    '"test"',
    '"matrix"'
  ],
  ...[
    '"builder_type"',
    '"push"',
    '"timeout"',
    '"retries"',
    '"__proto__"',
    '"constructor"',
    '"a/b:1"'
  ],
  ...[
    '{',
    '}',
    '[',
    ']',
    ',',
    ':',
    '"',
    '\\',
    '\n',
    ' ',
    '# x\n',
    '// x\n',
    '/*',
    '*/',
    '- ',
    '&a ',
    '*a'
  ],
  ...[
    '<<: ',
    '? ',
    '| ',
    '>-\n',
    '!!str ',
    '!!binary ',
    '--- ',
    '%YAML 1.2\n',
    '{tag}',
    '{name}',
    '{0}'
  ],
  ...[
    '{env[HOME]}',
    '{img_parts[tag]}',
    '{img_parts[x]}',
    '{{',
    '}}',
    '{version}',
    '{constructor}',
    '{x!r}'
  ],
  ...[
    'null',
    'true',
    '1',
    '1e9',
    '-1',
    '{"tag":"a","dockerfile":"b"}',
    '"x": {"__proto__": {"y": "z"}}'
  ]
]
