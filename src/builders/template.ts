import type { Place, Problem } from '../errors.js'
import type { TemplateStep } from './template-steps.js'
import type { Value } from './template-value.js'

export type { Value } from './template-value.js'

/** A file that was read: `path` as it was given to Packer or found beside it, `text` as it stands. */
export interface TemplateText {
  readonly path: string
  readonly text: string
}

/** A Dockerfile that the docker builder builds first, in place of an `image`; paths are absolute. */
export interface TemplateDockerfile {
  readonly path: Value
  readonly folder: Value
  readonly arguments: readonly (readonly [name: Value, value: Value])[]
  readonly pull: boolean
}

/** One build of a template; the fields after `place` are those of the docker builder. */
export interface TemplateBuilder {
  /** What `-only` and `-except` match: the name in JSON, `[BUILD.]TYPE.NAME` in HCL. */
  readonly name: string
  readonly type: string
  readonly place: Place
  /** Undefined where the builder names none, as with `dockerfile` and builders of another type. */
  readonly image: Value | undefined
  readonly dockerfile: TemplateDockerfile | undefined
  readonly pull: boolean
  /** Arguments of `docker run`, `{{.Image}}` left as it is; undefined: Packer's default. */
  readonly runCommand: readonly Value[] | undefined
  readonly volumes: readonly (readonly [host: Value, container: Value])[]
  readonly privileged: boolean
  readonly capAdd: readonly Value[]
  readonly capDrop: readonly Value[]
  readonly device: readonly Value[]
  readonly tmpfs: readonly Value[]
  readonly runtime: Value | undefined
  readonly platform: Value | undefined
  readonly containerDir: Value | undefined
  readonly execUser: Value | undefined
  /** Another program than `docker` that the builder calls. */
  readonly dockerPath: Value | undefined
  readonly commit: boolean
  readonly discard: boolean
  readonly exportPath: Value | undefined
  readonly changes: readonly Value[]
  /** What this build's post-processors tag, in order. */
  readonly tags: readonly Value[]
  /** Whether Packer gives what it uploads to the user of the container. */
  readonly fixUploadOwner: boolean
  /** What this build's provisioners do, in order. */
  readonly steps: readonly TemplateStep[]
}

/** A local file or folder that a build reads. */
export interface TemplateInput {
  readonly kind: 'file' | 'folder' | 'file-or-folder'
  /** Absolute where known. */
  readonly path: Value
  readonly because: string
  readonly place: Place
}

/** Types of components as written, each once, in order. */
export interface TemplateComponents {
  readonly builders: readonly string[]
  readonly provisioners: readonly string[]
  readonly postProcessors: readonly string[]
  readonly dataSources: readonly string[]
}

/** An entry of an HCL `required_plugins` block. */
export interface RequiredPlugin {
  readonly name: string
  readonly source: string | undefined
  readonly version: string | undefined
}

/** A template as Packer would understand it, with no Packer run. */
export interface Template {
  readonly format: 'json' | 'hcl'
  readonly builders: readonly TemplateBuilder[]
  /** What docker-tag and docker-import tag, each once, in order. */
  readonly tags: readonly Value[]
  /** Where a docker-push post-processor stands, which publishes in the middle of a run. */
  readonly publishes: Place | undefined
  readonly components: TemplateComponents
  readonly requiredPlugins: readonly RequiredPlugin[]
  /** A constraint (`required_version` in HCL, `>= min_packer_version` in JSON). */
  readonly requiredVersion: string | undefined
  readonly inputs: readonly TemplateInput[]
  /** Host paths, absolute where known, that a build sees whole: mounts, and the working directory where Ansible runs on the host. */
  readonly mounts: readonly Value[]
  /** Why the outcome may change, or is more than an image, although no input changes. */
  readonly untracked: readonly Problem[]
  /** Names of environment variables that a build takes in, set or not. */
  readonly environment: readonly string[]
  /** Variables that a value was not given for. */
  readonly unknownVariables: readonly string[]
  /** Variables to mask, with what they hold. */
  readonly sensitiveVariables: readonly { readonly name: string; readonly value: Value }[]
  /** What Packer would refuse; the rest of the template is what could be read nevertheless. */
  readonly problems: readonly Problem[]
}

/** Values that Packer would find outside of the template. */
export interface TemplateVariables {
  /** From `-var`, the last of a name. */
  readonly cli: ReadonlyMap<string, string>
  /** The files of `-var-file`, in order. */
  readonly files: readonly TemplateText[]
  /** The environment that Packer would get. */
  readonly env: Readonly<Record<string, string | undefined>>
}

export interface TemplateRequest {
  /** A template, or all of a folder's `*.pkr.hcl`, `*.pkr.json`, `*.auto.pkrvars.hcl` and `*.auto.pkrvars.json`. */
  readonly files: readonly TemplateText[]
  readonly variables: TemplateVariables
  /** Absolute path of the folder that Packer runs in; Packer takes it from `PWD` where that names the same folder. */
  readonly workingDirectory: string
  /** The template's folder, or the folder that is the template: absolute, as the path that Packer is given. */
  readonly templateDirectory: string
}

/** What is left of a template that nests so deeply that reading it takes more room than there is. */
async function tooDeep(request: TemplateRequest, format: Template['format']): Promise<Template> {
  const { emptyTemplate } = await import('./template-assemble.js')
  const file = request.files[0]?.path ?? request.templateDirectory
  return emptyTemplate(format, { place: { file }, message: 'the template nests too deeply' })
}

/**
 * Reads a Packer template: legacy JSON, or HCL where the path ends in `.pkr.hcl` or `.pkr.json`, as Packer decides it.
 * Bad text is no error: what Packer would refuse is in `problems`.
 * @see https://developer.hashicorp.com/packer/docs/templates
 */
export async function readTemplate(request: TemplateRequest): Promise<Template> {
  const isHcl = request.files.some(file => /\.pkr\.(hcl|json)$/.test(file.path))
  const format = isHcl ? 'hcl' : 'json'
  try {
    if (isHcl) return (await import('./template-hcl.js')).readHclTemplate(request)
    return (await import('./template-json.js')).readJsonTemplate(request)
  } catch (error) {
    if (error instanceof RangeError) return tooDeep(request, format)
    throw error
  }
}
