import { describe, expect, it } from 'vitest'
import { pluginsOf } from '../../../src/builders/plugins-of.js'
import { dockerBuilder, dockerSource, readHcl, readJson } from './template-support.js'

describe('the plugins of a template', () => {
  it('are those of its builders, provisioners and post-processors, each once', async () => {
    const template = await readJson({
      builders: [dockerBuilder(), { type: 'amazon-ebs' }],
      provisioners: [{ type: 'ansible' }, { type: 'ansible-local', playbook_file: 'x' }],
      'post-processors': ['docker-tag', 'docker-push', 'vagrant-cloud']
    })
    expect(pluginsOf(template)).toEqual([
      { source: 'github.com/hashicorp/docker', constraint: undefined, because: 'builder docker' },
      {
        source: 'github.com/hashicorp/amazon',
        constraint: undefined,
        because: 'builder amazon-ebs'
      },
      {
        source: 'github.com/hashicorp/ansible',
        constraint: undefined,
        because: 'provisioner ansible'
      },
      {
        source: 'github.com/hashicorp/vagrant',
        constraint: undefined,
        because: 'post-processor vagrant-cloud'
      }
    ])
  })

  it('are none for what every Packer has built in', async () => {
    const template = await readJson({
      builders: [{ type: 'null' }, { type: 'file', name: 'f' }],
      provisioners: [
        'shell',
        'shell-local',
        'file',
        'powershell',
        'windows-restart',
        'breakpoint',
        'sleep'
      ].map(type => ({ type })),
      'post-processors': ['artifice', 'checksum', 'compress', 'manifest', 'shell-local']
    })
    expect(pluginsOf(template)).toEqual([])
  })

  it.each([
    ['salt-masterless', 'github.com/hashicorp/salt'],
    ['puppet-server', 'github.com/hashicorp/puppet'],
    ['chef-solo', 'github.com/hashicorp/chef'],
    ['windows-update', 'github.com/rgl/windows-update'],
    ['goss', 'github.com/YaleUniversity/goss']
  ])('are found for the provisioner %s', async (type, source) => {
    const template = await readJson({ builders: [{ type: 'null' }], provisioners: [{ type }] })
    expect(pluginsOf(template)).toMatchObject([{ source }])
  })

  it('are told as unknown where nobody knows the type', async () => {
    const template = await readJson({
      builders: [{ type: 'dockerish' }, { type: 'constructor', name: 'c' }]
    })
    expect(pluginsOf(template)).toEqual([
      {
        source: undefined,
        constraint: undefined,
        because: 'builder dockerish, of a plugin that is not known'
      },
      {
        source: undefined,
        constraint: undefined,
        because: 'builder constructor, of a plugin that is not known'
      }
    ])
  })

  it('are what an HCL template requires, with its constraint, and what it does not mention', async () => {
    const packer = `packer {
  required_plugins {
    docker = {
      source  = "github.com/Hashicorp/docker"
      version = ">= 1.1.2"
    }
    happy = {
      source  = "github.com/cloud/happy"
      version = "~> 1"
    }
  }
}
data "git-commit" "x" {}
data "http" "y" {}
`
    const build =
      'provisioner "happy-little" {}\n  provisioner "ansible" {\n    playbook_file = "p"\n  }'
    const template = await readHcl(dockerSource('image = "a"', build, packer))
    expect(pluginsOf(template).map(({ source, constraint }) => [source, constraint])).toEqual([
      ['github.com/Hashicorp/docker', '>= 1.1.2'],
      ['github.com/cloud/happy', '~> 1'],
      ['github.com/hashicorp/ansible', undefined],
      ['github.com/ethanmdavidson/git', undefined]
    ])
  })

  it('are one where an HCL template gives it another name', async () => {
    const packer =
      'packer {\n  required_plugins {\n    d = {\n      source = "github.com/Hashicorp/docker"\n      version = "1"\n    }\n  }\n}\n'
    const template = await readHcl(dockerSource('image = "a"', '', packer))
    expect(pluginsOf(template)).toHaveLength(1)
  })
})
