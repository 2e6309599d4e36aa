import type { Template } from './template.js'

/** A plugin that a template needs; `source` is undefined where it is not known which one that is. */
export interface PluginNeed {
  /** Such as `github.com/hashicorp/docker`. */
  readonly source: string | undefined
  /** Packer's version constraint, where the template gives one. */
  readonly constraint: string | undefined
  /** What needs it, for a message. */
  readonly because: string
}

type Kind = 'builder' | 'provisioner' | 'post-processor' | 'data source'

/**
 * Components that are part of every Packer from 1.10 on.
 * @see https://github.com/hashicorp/packer/blob/main/command/execute.go
 */
const BUILT_IN: Readonly<Record<Kind, readonly string[]>> = {
  builder: ['file', 'null'],
  provisioner: [
    'breakpoint',
    'file',
    'hcp-sbom',
    'powershell',
    'shell',
    'shell-local',
    'sleep',
    'windows-restart',
    'windows-shell'
  ],
  'post-processor': ['artifice', 'checksum', 'compress', 'manifest', 'shell-local'],
  'data source': [
    'hcp-packer-artifact',
    'hcp-packer-image',
    'hcp-packer-iteration',
    'hcp-packer-version',
    'http',
    'null'
  ]
}

/**
 * Plugins by the name that their components bear: `docker` is a builder, `docker-tag` a post-processor of it.
 * @see https://developer.hashicorp.com/packer/integrations
 */
const SOURCES: Readonly<Record<string, string | undefined>> = {
  ...hashicorp(
    'alicloud amazon ansible azure chef cloudstack converge docker googlecompute hyperone hyperv',
    'inspec jdcloud lxc lxd ncloud oneandone openstack oracle profitbricks proxmox puppet qemu salt',
    'tencentcloud triton vagrant virtualbox vmware vsphere yandex'
  ),
  cnspec: 'github.com/mondoohq/cnspec',
  comment: 'github.com/sylviamoss/comment',
  digitalocean: 'github.com/digitalocean/digitalocean',
  exoscale: 'github.com/exoscale/exoscale',
  external: 'github.com/joomcode/external',
  git: 'github.com/ethanmdavidson/git',
  goss: 'github.com/YaleUniversity/goss',
  gridscale: 'github.com/gridscale/gridscale',
  hcloud: 'github.com/hetznercloud/hcloud',
  kamatera: 'github.com/kamatera/kamatera',
  libvirt: 'github.com/thomasklein94/libvirt',
  linode: 'github.com/linode/linode',
  mondoo: 'github.com/mondoohq/mondoo',
  nutanix: 'github.com/nutanix-cloud-native/nutanix',
  osc: 'github.com/outscale/outscale',
  outscale: 'github.com/outscale/outscale',
  parallels: 'github.com/Parallels/parallels',
  podman: 'github.com/Polpetta/podman',
  scaleway: 'github.com/scaleway/scaleway',
  sshkey: 'github.com/ivoronin/sshkey',
  tart: 'github.com/cirruslabs/tart',
  ucloud: 'github.com/ucloud/ucloud',
  upcloud: 'github.com/UpCloudLtd/upcloud',
  'veertu-anka': 'github.com/veertuinc/veertu-anka',
  volcengine: 'github.com/volcengine/volcengine',
  vultr: 'github.com/vultr/vultr',
  'windows-update': 'github.com/rgl/windows-update'
}

function hashicorp(...lines: readonly string[]): Record<string, string> {
  const names = lines.flatMap(line => line.split(' '))
  return Object.fromEntries(names.map(name => [name, `github.com/hashicorp/${name}`]))
}

/** A component bears its plugin's name, alone or before a dash: the longest name that fits is meant. */
function pluginName(type: string, names: readonly string[]): string | undefined {
  const fits = names.filter(name => type === name || type.startsWith(`${name}-`))
  return fits.sort((a, b) => b.length - a.length)[0]
}

function componentsIn({ components }: Template): readonly (readonly [Kind, string])[] {
  const all: readonly (readonly [Kind, readonly string[]])[] = [
    ['builder', components.builders],
    ['provisioner', components.provisioners],
    ['post-processor', components.postProcessors],
    ['data source', components.dataSources]
  ]
  return all.flatMap(([kind, types]) => types.map(type => [kind, type] as const))
}

function required({ requiredPlugins }: Template): PluginNeed[] {
  return requiredPlugins.map(({ name, source, version }) => ({
    source,
    constraint: version,
    because: source ? `required_plugins: ${name}` : `required_plugins: ${name}, with no source`
  }))
}

function componentNeed(kind: Kind, type: string): PluginNeed {
  const name = pluginName(type, Object.keys(SOURCES))
  const source = name === undefined ? undefined : SOURCES[name]
  const because = `${kind} ${type}`
  return source
    ? { source, constraint: undefined, because }
    : { source, constraint: undefined, because: `${because}, of a plugin that is not known` }
}

/** Every plugin that a template needs, each once: those that it requires, then those of its components. */
export function pluginsOf(template: Template): readonly PluginNeed[] {
  const declared = template.requiredPlugins.map(({ name }) => name)
  const needs = componentsIn(template)
    .filter(([kind, type]) => !BUILT_IN[kind].includes(type) && !pluginName(type, declared))
    .map(([kind, type]) => componentNeed(kind, type))
  const all = [...required(template), ...needs]
  return all.filter(({ source }, at) => {
    const first = all.findIndex(other => sameSource(other.source, source))
    return source === undefined || first === at
  })
}

const sameSource = (a: string | undefined, b: string | undefined): boolean =>
  a?.toLowerCase() === b?.toLowerCase()
