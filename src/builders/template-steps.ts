import type { Place } from '../errors.js'
import type { Component } from './template-component.js'
import type { Settings } from './template-settings.js'
import type { Value } from './template-value.js'

interface AnyStep {
  /** Its place among the provisioners of the build, from 1. */
  readonly number: number
  /** Type as written, such as `shell`. */
  readonly type: string
  /** The block's `name`, where it has one. */
  readonly name: Value | undefined
  readonly place: Place
  /** How long Packer waits before it, as written, such as `10s`. */
  readonly pauseBefore: Value | undefined
}

/** A shell provisioner, as far as it is written: Packer's defaults are not filled in. */
export interface ShellStep extends AnyStep {
  readonly kind: 'shell'
  /** Paths of local scripts; none where the lines stand in the template. */
  readonly scripts: readonly Value[]
  readonly inline: readonly Value[] | undefined
  readonly shebang: Value | undefined
  /** `{{.Path}}`, `{{.Vars}}` and `{{.EnvVarFile}}` left as they are. */
  readonly executeCommand: Value | undefined
  /** `NAME=VALUE`. */
  readonly environment: readonly Value[]
  readonly environmentMap: readonly (readonly [name: Value, value: Value])[]
  readonly environmentFormat: Value | undefined
  readonly usesEnvironmentFile: boolean
  readonly remoteFolder: Value | undefined
  readonly remoteFile: Value | undefined
  readonly remotePath: Value | undefined
  /** Line ends stay as they are. */
  readonly binary: boolean
  readonly skipClean: boolean
  readonly exitCodes: readonly Value[]
}

/** A file provisioner. */
export interface FileStep extends AnyStep {
  readonly kind: 'file'
  /** Paths on the host where it uploads, in the container where it downloads. */
  readonly sources: readonly Value[]
  readonly destination: Value | undefined
  /** Undefined where that is not known. */
  readonly isUpload: boolean | undefined
}

/** A provisioner that only Packer can run. */
export interface OtherStep extends AnyStep {
  readonly kind: 'other'
}

/** What a provisioner of a build does. */
export type TemplateStep = ShellStep | FileStep | OtherStep

function shellStep(settings: Settings, common: AnyStep): ShellStep {
  const inline = settings.get('inline') ? settings.list('inline') : []
  return {
    ...common,
    kind: 'shell',
    scripts: [settings.text('script') ?? [], settings.list('scripts')].flat(),
    inline: inline.length > 0 ? inline : undefined,
    shebang: settings.text('inline_shebang'),
    executeCommand: settings.text('execute_command'),
    environment: settings.list('environment_vars'),
    environmentMap: settings.map('env'),
    environmentFormat: settings.text('env_var_format'),
    usesEnvironmentFile: settings.flag('use_env_var_file') ?? false,
    remoteFolder: settings.text('remote_folder'),
    remoteFile: settings.text('remote_file'),
    remotePath: settings.text('remote_path'),
    binary: settings.flag('binary') ?? false,
    skipClean: settings.flag('skip_clean') ?? false,
    exitCodes: settings.list('valid_exit_codes')
  }
}

function fileStep(settings: Settings, common: AnyStep): FileStep {
  const direction = settings.text('direction')
  return {
    ...common,
    kind: 'file',
    sources: [settings.list('sources'), settings.text('source') ?? []].flat(),
    destination: settings.text('destination'),
    isUpload: direction === undefined || (direction.known ? direction.text === 'upload' : undefined)
  }
}

function step({ type, settings, place }: Component, number: number): TemplateStep {
  const pauseBefore = settings.text('pause_before')
  const common = { number, type, name: settings.text('name'), place, pauseBefore }
  if (type === 'shell') return shellStep(settings, common)
  return type === 'file' ? fileStep(settings, common) : { ...common, kind: 'other' }
}

/**
 * The provisioners of a build, what is overridden for it filled in.
 * @see https://developer.hashicorp.com/packer/docs/provisioners/shell and …/file
 */
export function templateSteps(provisioners: readonly Component[]): readonly TemplateStep[] {
  const merged: Component[] = []
  for (const component of provisioners) {
    const before = merged.at(-1)
    if (component.isOverride && before) {
      merged[merged.length - 1] = { ...before, settings: before.settings.with(component.settings) }
    } else merged.push(component)
  }
  return merged.map((component, index) => step(component, index + 1))
}
