import { describe, expect, it } from 'vitest'
import { originOf } from '../../../src/packer/plugin-table.js'
import { type TemplateNeeds, wantedPlugins } from '../../../src/packer/wanted-plugins.js'

const none = { builders: [], provisioners: [], postProcessors: [], dataSources: [] }
const needs = (
  components: Partial<TemplateNeeds['components']>,
  requiredPlugins: TemplateNeeds['requiredPlugins'] = [],
  file = 'packer/app.json'
): TemplateNeeds => ({ file, components: { ...none, ...components }, requiredPlugins })

describe('the plugin of a component', () => {
  it.each([
    ['builder', 'docker', 'github.com/hashicorp/docker'],
    ['post-processor', 'docker-tag', 'github.com/hashicorp/docker'],
    ['provisioner', 'ansible-local', 'github.com/hashicorp/ansible'],
    ['provisioner', 'salt-masterless', 'github.com/hashicorp/salt'],
    ['builder', 'amazon-ebs', 'github.com/hashicorp/amazon'],
    ['builder', 'hcloud', 'github.com/hetznercloud/hcloud'],
    ['provisioner', 'windows-update', 'github.com/rgl/windows-update'],
    ['data-source', 'git-commit', 'github.com/ethanmdavidson/git']
  ] as const)('%s %s is %s', (kind, type, source) => {
    expect(originOf({ kind, type })).toEqual({ source, guessed: false })
  })

  it.each([
    ['builder', 'null'],
    ['provisioner', 'shell'],
    ['provisioner', 'shell-local'],
    ['post-processor', 'manifest'],
    ['data-source', 'http']
  ] as const)('%s %s is none: every Packer has it', (kind, type) => {
    expect(originOf({ kind, type })).toBeUndefined()
  })

  it('that nobody knows is guessed to be HashiCorp’s', () => {
    expect(originOf({ kind: 'builder', type: 'acme-cloud' })).toEqual({
      source: 'github.com/hashicorp/acme',
      guessed: true
    })
  })
})

describe('the plugins that templates want', () => {
  it('are one for each source, with all its components', () => {
    const first = needs({
      builders: ['docker'],
      provisioners: ['shell'],
      postProcessors: ['docker-tag']
    })
    const other = needs({ builders: ['docker'] }, [], 'packer/other.json')
    expect(wantedPlugins([first, other])).toEqual([
      {
        source: 'github.com/hashicorp/docker',
        guessed: false,
        constraint: '',
        because: 'builder docker in packer/app.json',
        components: [
          { kind: 'builder', type: 'docker' },
          { kind: 'post-processor', type: 'docker-tag' }
        ]
      }
    ])
  })

  it('are those of required_plugins, which says where a component comes from', () => {
    const hcl = needs(
      { builders: ['docker'], dataSources: ['git-commit'] },
      [
        { name: 'docker', source: 'github.com/acme/docker', version: '>= 1.1.2' },
        { name: 'unused', source: 'github.com/acme/unused', version: undefined }
      ],
      'packer/app.pkr.hcl'
    )
    const wanted = wantedPlugins([hcl, needs({ builders: ['docker'] })])
    expect(
      wanted.map(({ source, constraint, components }) => [source, constraint, components.length])
    ).toEqual([
      ['github.com/acme/docker', '>= 1.1.2', 1],
      ['github.com/ethanmdavidson/git', '', 1],
      ['github.com/acme/unused', '', 0],
      ['github.com/hashicorp/docker', '', 1]
    ])
  })

  it('leave to Packer what of required_plugins cannot be read', () => {
    const wanted = wantedPlugins([
      needs({ builders: ['docker'] }, [
        { name: 'docker', source: 'github.com/hashicorp/docker', version: 'newest' },
        { name: 'broken', source: '../broken', version: undefined },
        { name: 'old', source: undefined, version: '1.0.0' }
      ])
    ])
    expect(wanted).toHaveLength(1)
    expect(wanted[0]?.constraint).toBe('')
  })

  it('are none where the templates use only what every Packer has', () => {
    expect(wantedPlugins([needs({ builders: ['null'] })])).toEqual([])
  })
})
