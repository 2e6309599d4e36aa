/** Good templates of both languages, with all that they may hold. */
export const JSON_TEMPLATES: readonly string[] = [
  JSON.stringify(
    {
      variables: {
        a: '1',
        b: '{{user `a`}}-{{env `HOME`}}',
        c: '{{ upper `x` | lower }}',
        d: null
      },
      'sensitive-variables': ['a'],
      builders: [
        {
          type: 'docker',
          name: 'one',
          image: 'base:{{user `a`}}',
          commit: true,
          pull: 'false',
          run_command: [
            '-d',
            '-i',
            '-t',
            '-v',
            '/sys:/sys:ro',
            '--entrypoint=/bin/sh',
            '{{.Image}}',
            '/sbin/init'
          ],
          volumes: { '{{pwd}}': '/x', '/etc': '/y' },
          changes: ['ENV A=b', 'ENTRYPOINT ["/x"]']
        }
      ],
      provisioners: [
        {
          type: 'shell',
          script: 'a.sh',
          environment_vars: ['A={{user `b`}}'],
          execute_command: '{{.Vars}} sh {{.Path}}',
          pause_before: '1m30s'
        },
        {
          type: 'shell',
          inline: ['echo "{{build `ID`}}"', 'exit 1'],
          valid_exit_codes: [0, 2],
          override: { one: { inline: ['x'] } }
        },
        { type: 'file', source: 'src/', destination: '/tmp/', only: ['one'] },
        { type: 'ansible', playbook_file: 'p.yml', extra_arguments: ['-e', 'a=b'] },
        { type: 'shell-local', command: 'true', except: ['two'] }
      ],
      'post-processors': [
        [{ type: 'docker-tag', repository: 'acme/app', tag: ['1', '{{user `a`}}'] }, 'docker-push']
      ]
    },
    null,
    1
  ),
  '{"builders": [{"type": "docker", "image": "a", "discard": true}], "min_packer_version": "1.6.0", "_comment": "x"}'
]

export const HCL_TEMPLATES: readonly string[] = [
  `packer {
  required_version = ">= 1.7"
  required_plugins {
    docker = { source = "github.com/hashicorp/docker", version = "~> 1.1" }
  }
}
variable "a" {
  type      = map(list(string))
  default   = { x = ["1", "2"], "y" = [] }
  sensitive = true
  validation {
    condition     = length(var.a) > 0
    error_message = "Bad."
  }
}
locals {
  b = "\${var.a["x"][0]}-\${upper("q")}"
  c = [for k, v in var.a : "\${k}=\${length(v)}" if k != "z"]
  d = <<-EOT
    hello \${local.b} %{ if true ~}x%{ else }y%{ endif }
  EOT
  e = local.b == "1-Q" ? { "\${local.b}" = 1 } : merge({}, { (local.b) = 2.50 })
}
source "docker" "one" {
  image       = "base:\${var.a.x[0]}"
  commit      = true
  run_command = ["-d", "-v", "\${path.root}:/x", "{{.Image}}", "/sbin/init"]
  volumes     = { "\${path.cwd}" = "/y" }
  changes     = ["ENV A=b"]
}
build {
  name    = "all"
  sources = ["source.docker.one"]
  source "docker.one" {
    name  = "two"
    image = "other"
  }
  provisioner "shell" {
    inline           = ["echo \${build.ID} \${source.name}", "exit"]
    environment_vars = ["A=\${local.c[0]}"]
    only             = ["docker.two"]
  }
  provisioner "file" {
    source      = "src/"
    destination = "/tmp"
  }
  dynamic "provisioner" {
    for_each = local.c
    labels   = ["shell"]
    content { inline = [provisioner.value] }
  }
  post-processors {
    post-processor "docker-tag" {
      repository = "acme/app"
      tags       = ["1", join("-", sort(["b", "a"]))]
    }
  }
}
`,
  'source "docker" "a" {\n  image = format("%s:%d", "x", 1 + 2 * 3)\n  discard = !false && 1 < 2\n}\nbuild {\n  sources = ["docker.a"]\n}\n'
]

export const HCL_JSON_TEMPLATES: readonly string[] = [
  JSON.stringify({
    variable: { a: { default: '1', type: 'string' } },
    locals: { b: '${var.a}x', c: ['${local.b}'] },
    source: {
      docker: { one: { image: 'x:${var.a}', commit: true, changes: ['ENV A=${local.b}'] } }
    },
    build: {
      sources: ['docker.one'],
      provisioner: [{ shell: { inline: ['a'] } }],
      'post-processors': [{ 'post-processor': { 'docker-tag': { repository: 'r' } } }]
    }
  })
]

export const VARIABLE_FILES: readonly string[] = [
  'a = { x = ["1"] }\nb = "two"\nc = <<EOT\nx\nEOT\n',
  '{"a": {"x": ["1"]}, "b": null, "c": 1.50}'
]

export const TEMPLATE_WORDS: readonly string[] = [
  ...[
    '"builders"',
    '"variables"',
    '"type"',
    '"docker"',
    '"image"',
    '"run_command"',
    '"provisioners"'
  ],
  ...[
    '{{user `a`}}',
    '{{user `b`}}{{user `b`}}',
    '{{.Image}}',
    '{{.Path}}',
    '{{env `X`}}',
    '{{ `x` | upper }}',
    '{{-',
    '-}}',
    '{{/* x */}}',
    '{{if true}}',
    '{{split `a` `b` 1}}'
  ],
  ...[
    '{',
    '}',
    '[',
    ']',
    '(',
    ')',
    ',',
    ':',
    '"',
    '`',
    '=',
    '\n',
    ' ',
    '.',
    '!',
    '-',
    '?',
    '*',
    '...',
    '=>'
  ],
  ...[
    '${',
    '%{',
    '%{ if true }',
    '%{ endif }',
    '%{ for x in y }',
    '<<EOT\n',
    'EOT\n',
    '/*',
    '*/',
    '#',
    '//'
  ],
  ...[
    'var.a',
    'local.b',
    'local.constructor',
    'var["__proto__"]',
    'locals {\n',
    'variable "x" {\n',
    'source "docker" "q" {\n',
    'build {\n'
  ],
  ...[
    'for x in ',
    ' if ',
    '"__proto__" = 1\n',
    'constructor = "x"\n',
    'join(",", [',
    'replace("a","/a/","b")',
    'format("%s", ',
    'merge(',
    'range(1000000)',
    'toString('
  ],
  ...[
    '1e999',
    '0.1',
    'null',
    'true',
    'each.key',
    'path.root',
    'data "x" "y" {\n',
    'dynamic "x" {\n',
    '\\u0000',
    '\\"'
  ]
]
