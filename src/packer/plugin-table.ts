/** What a plugin can bring. */
export type ComponentKind = 'builder' | 'provisioner' | 'post-processor' | 'data-source'

/** A builder, provisioner, post-processor or data source by the name that templates use. */
export interface Component {
  readonly kind: ComponentKind
  readonly type: string
}

/** What every Packer has in itself; see command/execute.go in github.com/hashicorp/packer. */
const CORE: Readonly<Record<ComponentKind, readonly string[]>> = {
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
  'data-source': [
    'hcp-packer-artifact',
    'hcp-packer-image',
    'hcp-packer-iteration',
    'hcp-packer-version',
    'http',
    'null'
  ]
}

/** Plugins whose components bear their name, of other owners than HashiCorp or with a dash in it. */
const OTHERS: Readonly<Record<string, string>> = {
  digitalocean: 'github.com/digitalocean/digitalocean',
  exoscale: 'github.com/exoscale/exoscale',
  git: 'github.com/ethanmdavidson/git',
  goss: 'github.com/YaleUniversity/goss',
  hcloud: 'github.com/hetznercloud/hcloud',
  linode: 'github.com/linode/linode',
  parallels: 'github.com/Parallels/parallels',
  scaleway: 'github.com/scaleway/scaleway',
  sshkey: 'github.com/ivoronin/sshkey',
  tart: 'github.com/cirruslabs/tart',
  upcloud: 'github.com/UpCloudLtd/upcloud',
  vultr: 'github.com/vultr/vultr',
  'windows-update': 'github.com/rgl/windows-update'
}

/** HashiCorp's own that images of containers and machines are commonly made with. */
const HASHICORP = new Set([
  ...['amazon', 'ansible', 'azure', 'chef', 'converge', 'docker', 'googlecompute', 'hyperv'],
  ...['inspec', 'lxc', 'lxd', 'openstack', 'oracle', 'proxmox', 'puppet', 'qemu', 'salt'],
  ...['vagrant', 'virtualbox', 'vmware', 'vsphere', 'yandex']
])

/** Where a component comes from. */
export interface Origin {
  readonly source: string
  /** The name was taken for that of a plugin of HashiCorp's; there may be none. */
  readonly guessed: boolean
}

/** The plugin that brings a component; undefined where every Packer has it. */
export function originOf(component: Component): Origin | undefined {
  if (CORE[component.kind].includes(component.type)) return undefined
  const other = Object.keys(OTHERS).find(
    name => component.type === name || component.type.startsWith(`${name}-`)
  )
  if (other !== undefined) return { source: OTHERS[other] ?? '', guessed: false }
  // A component is called PLUGIN or PLUGIN-COMPONENT.
  const name = component.type.split('-')[0] ?? component.type
  return { source: `github.com/hashicorp/${name}`, guessed: !HASHICORP.has(name) }
}
