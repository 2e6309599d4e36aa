import { describe, expect, it } from 'vitest'
import {
  dockerBuilder,
  dockerSource,
  inputs,
  lines,
  messages,
  readHcl,
  readJson,
  shown
} from './template-support.js'

const provisioned = (provisioner: object, settings: object = {}) =>
  readJson({ ...settings, builders: [dockerBuilder()], provisioners: [provisioner] })

describe('the files that a build reads', () => {
  it.each([
    [{ type: 'shell', script: 'a.sh' }, ['file /project/a.sh']],
    [{ type: 'shell', scripts: ['a.sh', '/abs/b.sh'] }, ['file /project/a.sh', 'file /abs/b.sh']],
    [{ type: 'shell', script: '{{template_dir}}/a.sh' }, ['file /project/packer/a.sh']],
    [{ type: 'shell', scripts: 'a.sh,b.sh' }, ['file /project/a.sh', 'file /project/b.sh']],
    [{ type: 'shell', inline: ['true'] }, []],
    [{ type: 'file', source: 'conf/', destination: '/etc' }, ['file-or-folder /project/conf']],
    [
      { type: 'file', sources: ['a', 'b'] },
      ['file-or-folder /project/a', 'file-or-folder /project/b']
    ],
    [
      {
        type: 'ansible-local',
        playbook_file: 'p.yml',
        role_paths: ['r'],
        group_vars: 'g',
        inventory_file: 'i'
      },
      ['file /project/p.yml', 'file /project/i', 'folder /project/r', 'folder /project/g']
    ],
    [{ type: 'salt-masterless', local_state_tree: 'salt' }, ['folder /project/salt']]
  ])('are, for %j, counted from the working directory', async (provisioner, expected) => {
    const template = await provisioned(provisioner)
    expect(inputs(template).sort()).toEqual([...expected].sort())
    expect(template.untracked).toEqual([])
  })

  it('are all of the working directory, and what is beside its playbook, for Ansible on the host', async () => {
    const template = await readJson(
      {
        builders: [dockerBuilder()],
        provisioners: [
          {
            type: 'ansible',
            playbook_file: '../plays/site.yml',
            extra_arguments: ['-e', '@vars.yml', '--vault-password-file=/secret', '-i', 'hosts']
          }
        ]
      },
      { env: { ANSIBLE_ROLES_PATH: '/r', OTHER: '1' } }
    )
    expect(inputs(template).sort()).toEqual(
      [
        'file /plays/site.yml',
        'file-or-folder /secret',
        'file-or-folder /project/hosts',
        'file-or-folder /project/vars.yml',
        'folder /plays'
      ].sort()
    )
    expect(shown(template.mounts)).toEqual(['/project'])
    expect(template.environment).toEqual(['ANSIBLE_ROLES_PATH'])
  })

  it('are those of what a provisioner overrides, too', async () => {
    const template = await provisioned({
      type: 'shell',
      script: 'a.sh',
      override: { docker: { script: 'b.sh' } }
    })
    expect(inputs(template)).toEqual(['file /project/a.sh', 'file /project/b.sh'])
  })

  it('are none of a provisioner that runs for no builder', async () => {
    const template = await provisioned({ type: 'shell', script: 'a.sh', only: ['other'] })
    expect(inputs(template)).toEqual([])
  })

  it('are those of functions in HCL, counted from the template', async () => {
    const { untracked, ...template } = await readHcl(
      dockerSource(
        'image = file("base.txt")',
        'provisioner "shell" {\n    script = "${path.root}/x.sh"\n  }',
        'locals {\n  t = templatefile("t.tpl", {})\n  u = fileset("d", "*")\n}\n'
      )
    )
    expect(inputs({ untracked, ...template }).sort()).toEqual(
      [
        'file /project/packer/base.txt',
        'file /project/packer/t.tpl',
        'file /project/packer/x.sh',
        'folder /project/packer/d'
      ].sort()
    )
    expect(untracked).toEqual([])
  })

  it('make a build untracked where their path is not known', async () => {
    const template = await provisioned({ type: 'shell', script: '{{printf "%s" `a`}}' })
    expect(messages(template.untracked)[0]).toContain(
      'a file of the shell provisioner is not known'
    )
  })

  it('are the Dockerfile and the folder of a build block', async () => {
    const template = await readHcl(
      'source "docker" "a" {\n  commit = true\n  build {\n    path = "d/Dockerfile"\n    build_dir = "d"\n  }\n}\nbuild {\n  sources = ["docker.a"]\n}\n'
    )
    expect(inputs(template)).toEqual(['file /project/d/Dockerfile', 'folder /project/d'])
  })
})

describe('what makes a build untracked', () => {
  it.each([
    [{ type: 'shell-local', command: 'x' }, 'shell-local provisioner runs a command on the host'],
    [{ type: 'chef-client' }, 'what a chef-client provisioner reads is not known'],
    [
      { type: 'file', direction: 'download', source: '/a', destination: 'b' },
      'downloads from the container'
    ],
    [{ type: 'shell', inline: ['echo {{timestamp}}'] }, 'timestamp changes each time'],
    [{ type: 'shell', environment_vars: ['A={{user `v`}}'] }, 'uuid changes each time']
  ])('is a provisioner such as %j', async (provisioner, message) => {
    const template = await provisioned(provisioner, { variables: { v: '{{uuid}}' } })
    expect(messages(template.untracked)).toEqual([expect.stringContaining(message)])
    expect(lines(template.untracked)[0]).toBeGreaterThan(1)
  })

  it('is a post-processor that makes more than images', async () => {
    const template = await readJson({
      builders: [dockerBuilder()],
      'post-processors': ['docker-tag', 'shell-local', 'manifest', 'docker-push']
    })
    expect(messages(template.untracked)).toEqual([
      'a shell-local post-processor runs a command on the host',
      'a manifest post-processor makes more than an image'
    ])
  })

  it('is a setting of the builder that changes each time', async () => {
    const builder = dockerBuilder({ changes: ['LABEL built={{timestamp}}'] })
    const template = await readJson({ builders: [builder] })
    expect(messages(template.untracked)).toEqual(['timestamp changes each time'])
  })

  it('is a builder that makes no image on the daemon', async () => {
    const template = await readJson({ builders: [{ type: 'null', communicator: 'none' }] })
    expect(messages(template.untracked)).toEqual([
      'a null builder makes no image on the Docker daemon'
    ])
  })

  it('is a block that is made by a dynamic one', async () => {
    const template = await readHcl(
      dockerSource(
        'image = "a"',
        'dynamic "provisioner" {\n    for_each = ["a"]\n    labels = ["shell"]\n    content {}\n  }'
      )
    )
    expect(messages(template.untracked)).toEqual(['a dynamic provisioner block is not read'])
  })

  it('is no variable that changes and that nothing uses', async () => {
    const template = await readJson({ variables: { v: '{{uuid}}' }, builders: [dockerBuilder()] })
    expect(template.untracked).toEqual([])
  })
})

describe('what a container sees of the host', () => {
  const running = (...words: readonly string[]) =>
    readJson({
      variables: { name: 'packer-{{uuid}}' },
      builders: [dockerBuilder({ run_command: [...words, '{{.Image}}', '/sbin/init'] })]
    })

  it.each([
    [['-v', '{{pwd}}:/in:ro'], ['/project']],
    [['-v/a:/b'], ['/a']],
    [['-itv', '/a:/b'], ['/a']],
    [['--privileged', '--volume=/a/../c:/b'], ['/c']],
    [['--volume', './x:/b'], ['/project/x']],
    [['--mount', 'type=bind,source=/a,target=/b'], ['/a']],
    [['--mount=type=tmpfs,target=/b'], []],
    [['-v', '/sys/fs/cgroup:/sys/fs/cgroup:ro', '-v', '/proc:/p'], []],
    [['-v', '/anonymous'], []]
  ])('with %j is %j', async (words, expected) => {
    const template = await running(...words)
    expect(shown(template.mounts)).toEqual(expected)
    expect(template.untracked).toEqual([])
  })

  it.each([
    [['-v', '/var/run/docker.sock:/s'], "reaches the daemon's socket"],
    [['-v', 'cache:/c'], 'the volume cache'],
    [['-v', '/:/host'], 'the whole file system'],
    [['--volumes-from', 'other'], 'volumes of another container'],
    [['-v', '{{uuid}}:/x'], 'a mount is not known'],
    [['{{uuid}}'], 'an argument of run_command is not known'],
    [['-e', 'A={{timestamp}}'], 'timestamp changes each time']
  ])('cannot be told with %j', async (words, message) => {
    const template = await running(...words)
    expect(messages(template.untracked)).toEqual([expect.stringContaining(message)])
  })

  it('has nothing to do with a name that changes each time', async () => {
    for (const words of [
      ['--name', '{{user `name`}}'],
      ['--name={{user `name`}}'],
      ['-h', '{{uuid}}']
    ]) {
      expect((await running(...words)).untracked).toEqual([])
    }
  })

  it('may be files that docker reads, and variables that it passes on', async () => {
    const template = await running(
      '--env-file',
      'e.env',
      '--security-opt',
      'seccomp=s.json',
      '-e',
      'TOKEN',
      '-e',
      'A=1'
    )
    expect(inputs(template)).toEqual(['file /project/e.env', 'file /project/s.json'])
    expect(template.environment).toEqual(['TOKEN'])
  })

  it('is nothing that the command of the container says', async () => {
    const template = await readJson({
      builders: [dockerBuilder({ run_command: ['{{.Image}}', 'run', '-v', '/a:/b'] })]
    })
    expect(template.mounts).toEqual([])
  })

  it('includes the volumes of the builder', async () => {
    const template = await readJson({ builders: [dockerBuilder({ volumes: { './a': '/b' } })] })
    expect(shown(template.mounts)).toEqual(['/project/a'])
  })
})
