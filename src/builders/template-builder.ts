import { resolve } from 'node:path'
import type { TemplateBuilder, TemplateDockerfile, TemplateInput } from './template.js'
import {
  type Build,
  type Findings,
  findings,
  merged,
  type Surroundings
} from './template-component.js'
import { tagsOf } from './template-post-processors.js'
import { readMount, readRunCommand, readVolume } from './template-run-command.js'
import type { Settings } from './template-settings.js'
import { type TemplateStep, templateSteps } from './template-steps.js'
import { known, mapped, type Value } from './template-value.js'

function dockerfileOf(settings: Settings, directory: string): TemplateDockerfile | undefined {
  const block = settings.children('build')[0]
  const path = block?.text('path')
  if (!block || !path) return undefined
  const absolute = (value: Value) => mapped(value, text => resolve(directory, text))
  return {
    path: absolute(path),
    folder: absolute(block.text('build_dir') ?? known('.')),
    arguments: block.map('arguments'),
    pull: block.flag('pull') ?? true
  }
}

/** `run_command` as given: an empty list counts as none, as for Packer. */
function runCommandOf(settings: Settings): readonly Value[] | undefined {
  const words = settings.list('run_command')
  return words.length > 0 ? words : undefined
}

/** The builder of a build, by the settings of Packer's docker builder. */
export function templateBuilder(build: Build, directory: string): TemplateBuilder {
  const { name, type, place, settings } = build
  const docker = type === 'docker'
  let steps: readonly TemplateStep[] | undefined
  return {
    name,
    type,
    place,
    image: docker ? settings.text('image') : undefined,
    dockerfile: docker ? dockerfileOf(settings, directory) : undefined,
    pull: settings.flag('pull') ?? true,
    runCommand: runCommandOf(settings),
    volumes: settings.map('volumes'),
    privileged: settings.flag('privileged') ?? false,
    capAdd: settings.list('cap_add'),
    capDrop: settings.list('cap_drop'),
    device: settings.list('device'),
    tmpfs: settings.list('tmpfs'),
    runtime: settings.text('runtime'),
    platform: settings.text('platform'),
    containerDir: settings.text('container_dir'),
    execUser: settings.text('exec_user'),
    dockerPath: settings.text('docker_path'),
    commit: settings.flag('commit') ?? false,
    discard: settings.flag('discard') ?? false,
    exportPath: settings.text('export_path'),
    changes: settings.list('changes'),
    tags: build.postProcessors.flatMap(tagsOf),
    fixUploadOwner: settings.flag('fix_upload_owner') ?? true,
    // Only a live container takes them.
    get steps() {
      steps ??= templateSteps(build.provisioners)
      return steps
    }
  }
}

function runFindings(build: Build, builder: TemplateBuilder, around: Surroundings): Findings {
  const absolute = (path: string) => resolve(around.workingDirectory, path)
  const run = readRunCommand(builder.runCommand ?? [])
  const mounts = [
    ...run.volumes.map(volume => readVolume(volume, absolute)),
    ...builder.volumes.map(([host]) => readMount(host, absolute))
  ]
  const doubts = [...run.doubts, ...mounts.flatMap(mount => mount.doubt ?? [])]
  return findings({
    mounts: mounts.flatMap(mount => mount.host ?? []),
    inputs: run.files.map(path => ({
      kind: 'file',
      path: mapped(path, absolute),
      because: 'run_command',
      place: build.place
    })),
    environment: run.environment,
    untracked: doubts.map(message => ({ place: build.place, message }))
  })
}

function dockerfileInputs(build: Build, dockerfile: TemplateDockerfile): TemplateInput[] {
  const because = 'build block of the docker builder'
  const { place } = build
  return [
    { kind: 'file', path: dockerfile.path, because, place },
    { kind: 'folder', path: dockerfile.folder, because, place }
  ]
}

/** What the builder itself reads of the world. */
export function builderFindings(build: Build, around: Surroundings): Findings {
  if (build.type !== 'docker') {
    const message = `a ${build.type} builder makes no image on the Docker daemon`
    return findings({ untracked: [{ place: build.place, message }] })
  }
  const builder = templateBuilder(build, around.workingDirectory)
  const inputs = builder.dockerfile ? dockerfileInputs(build, builder.dockerfile) : []
  return merged([runFindings(build, builder, around), findings({ inputs })])
}
