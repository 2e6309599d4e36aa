import { dirname, resolve } from 'node:path'
import type { TemplateInput } from './template.js'
import {
  type Component,
  type Findings,
  findings,
  merged,
  type Surroundings
} from './template-component.js'
import { known, mapped, type Value } from './template-value.js'

type Kind = TemplateInput['kind']

/** Names of settings that hold paths, by what stands there. */
type Reads = Partial<Record<Kind, readonly string[]>>

const SCRIPTS: Reads = { file: ['script', 'scripts'] }

/**
 * The local files of each provisioner that uploads what it needs. Relative paths count from the working directory.
 * @see https://developer.hashicorp.com/packer/docs/provisioners and the documentation of each plugin
 */
const READS: Readonly<Record<string, Reads | undefined>> = {
  shell: SCRIPTS,
  powershell: SCRIPTS,
  'windows-shell': SCRIPTS,
  file: { 'file-or-folder': ['source', 'sources'] },
  breakpoint: {},
  sleep: {},
  'windows-restart': {},
  'hcp-sbom': {},
  'ansible-local': {
    file: ['playbook_file', 'playbook_files', 'inventory_file', 'galaxy_file'],
    folder: [
      'playbook_dir',
      'playbook_paths',
      'role_paths',
      'collection_paths',
      'group_vars',
      'host_vars'
    ]
  },
  ansible: {
    file: ['playbook_file', 'galaxy_file', 'ssh_host_key_file', 'ssh_authorized_key_file'],
    folder: ['inventory_directory', 'roles_path', 'collections_path'],
    'file-or-folder': ['inventory_file']
  },
  'chef-solo': {
    file: ['config_template', 'encrypted_data_bag_secret_path'],
    folder: ['cookbook_paths', 'roles_path', 'data_bags_path', 'environments_path']
  },
  'puppet-masterless': {
    file: ['hiera_config_path'],
    folder: ['manifest_dir', 'module_paths'],
    'file-or-folder': ['manifest_file']
  },
  'salt-masterless': {
    file: ['minion_config', 'grains_file'],
    folder: ['local_state_tree', 'local_pillar_roots']
  }
}

function inputsOf(component: Component, reads: Reads, directory: string): TemplateInput[] {
  const because = `${component.type} provisioner`
  return (Object.keys(reads) as Kind[]).flatMap(kind =>
    (reads[kind] ?? [])
      .flatMap(name => component.settings.list(name))
      .filter(path => !path.known || path.text !== '')
      .map(path => ({
        kind,
        path: mapped(path, text => resolve(directory, text)),
        because,
        place: component.place
      }))
  )
}

/** Words such as `-e @vars.yml` and `--vault-password-file=FILE`, through which Ansible reads a file. */
function argumentFiles(words: readonly Value[]): Value[] {
  const texts = words.map(word => (word.known ? word.text : ''))
  return texts.flatMap((text, at) => {
    const vars = /^(?:-e|--extra-vars=)?@(.+)$/s.exec(text)?.[1]
    const option = /^(?:--(?:vault-password-file|vault-id|inventory|private-key)=|-i)(.+)$/s.exec(
      text
    )?.[1]
    const after = /^(-i|--inventory|--vault-password-file|--private-key)$/.test(texts[at - 1] ?? '')
    const path = vars ?? option ?? (after ? text : undefined)
    return path && !path.endsWith(',') ? [known(path)] : []
  })
}

/** ansible-playbook runs on the host: it sees the whole working directory, and what is beside the playbook. */
function ansibleFindings(component: Component, around: Surroundings): Findings {
  const { settings, place } = component
  const directory = around.workingDirectory
  const because = 'ansible provisioner, which can read it all'
  const folders = settings
    .list('playbook_file')
    .map(path => mapped(path, text => dirname(resolve(directory, text))))
    .filter(path => !path.known || !isBelow(path.text, directory))
  const files = argumentFiles(settings.list('extra_arguments'))
  return findings({
    mounts: [known(directory)],
    inputs: [
      ...folders.map(path => ({ kind: 'folder' as const, path, because, place })),
      ...files.map(path => ({
        kind: 'file-or-folder' as const,
        path: mapped(path, text => resolve(directory, text)),
        because: 'an argument of the ansible provisioner',
        place
      }))
    ],
    environment: Object.keys(around.env).filter(name => name.startsWith('ANSIBLE_'))
  })
}

function isBelow(path: string, folder: string): boolean {
  return path === folder || path.startsWith(folder.endsWith('/') ? folder : `${folder}/`)
}

function fileFindings(component: Component): Findings {
  const { settings, place } = component
  const direction = settings.text('direction')
  const upload = direction === undefined || (direction.known && direction.text === 'upload')
  if (upload) return findings({})
  const message = 'a file provisioner downloads from the container, which a reused image would not'
  return findings({ untracked: [{ place, message }] })
}

const untrackedOnly = (component: Component, message: string): Findings =>
  findings({ untracked: [{ place: component.place, message }] })

/** What a provisioner reads: its inputs, or why they cannot be told. */
export function provisionerFindings(component: Component, around: Surroundings): Findings {
  const { type } = component
  const reads = Object.hasOwn(READS, type) ? READS[type] : undefined
  if (type === 'shell-local') {
    return untrackedOnly(component, 'a shell-local provisioner runs a command on the host')
  }
  if (!reads) return untrackedOnly(component, `what a ${type} provisioner reads is not known`)
  const inputs = inputsOf(component, reads, around.workingDirectory)
  const special =
    type === 'ansible'
      ? ansibleFindings(component, around)
      : type === 'file'
        ? fileFindings(component)
        : findings({})
  const downloads = type === 'file' && special.untracked.length > 0
  return merged([findings({ inputs: downloads ? [] : inputs }), special])
}
