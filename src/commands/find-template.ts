import { basename, dirname, join, resolve } from 'node:path'
import { builderCommand } from '../builders/arguments.js'
import { argumentSecrets } from '../builders/secret-arguments.js'
import type { Secret } from '../builders/secret-values.js'
import type { TemplateBuilder } from '../builders/template.js'
import { selectImages } from '../chain/select.js'
import { ChainError, formatProblem } from '../errors.js'
import type { Image } from '../manifest/image.js'
import type { Files } from '../ports.js'
import { templateSecrets } from './chain-secrets.js'
import { loadTemplate } from './load-template.js'

/** Where a template is looked for, and with what it is read. */
export interface TemplateSearch {
  /** The project's root, absolute. */
  readonly root: string
  /** The images of its manifests. */
  readonly images: readonly Image[]
  /** Folders of its manifests, absolute. */
  readonly folders: readonly string[]
  /** A path, a name below a manifest's `packer/`, or what names an image; undefined: the newest. */
  readonly template: string | undefined
  /** Arguments of `packer build` that the user adds, such as `-var`. */
  readonly packerArguments: readonly string[]
  /** The environment of builders. */
  readonly env: Readonly<Record<string, string>>
}

/** A build of a template, with what Packer would know of it. */
export interface FoundTemplate {
  /** Absolute path. */
  readonly file: string
  /** The folder that Packer would run in, absolute. */
  readonly workingDirectory: string
  readonly builder: TemplateBuilder
  /** Name of the build as its provisioners see it. */
  readonly buildName: string
  /** Tags that it gives, or is to get. */
  readonly tags: readonly string[]
  /** Names of further builds that the template has. */
  readonly others: readonly string[]
  /** What is to be shown nowhere. */
  readonly secrets: readonly Secret[]
}

const byName = new Intl.Collator('en', { numeric: true })

async function newest(folders: readonly string[], files: Files): Promise<string> {
  const packer = folders.map(folder => join(folder, 'packer'))
  for (const folder of packer) {
    const names = (await files.list(folder)).filter(name => name.endsWith('.json'))
    const last = names.sort(byName.compare).at(-1)
    if (last !== undefined) return join(folder, last)
  }
  throw new ChainError('FILE_MISSING', `found no template in ${packer.join(', ')}`, {
    hint: 'Name one: build-chain live TEMPLATE.'
  })
}

/** The template of an image that a word names, as `build` understands such words. */
function ofImage(word: string, images: readonly Image[]): string | undefined {
  const packer = images.filter(({ builder }) => builder === 'packer')
  try {
    const choice = { images: [word], skipImages: [] }
    const [at] = selectImages(
      packer,
      packer.map(() => []),
      choice
    )
    return at === undefined ? undefined : packer[at]?.file
  } catch (error) {
    if (error instanceof ChainError && error.code === 'SELECTION_EMPTY') return undefined
    throw error
  }
}

function named(template: string, { root, folders, images }: TemplateSearch, files: Files): string {
  const paths = [
    resolve(root, template),
    ...folders.map(folder => join(folder, 'packer', template))
  ]
  const found = paths.find(path => files.exists(path)) ?? ofImage(template, images)
  if (found !== undefined && files.exists(found)) return found
  throw new ChainError('FILE_MISSING', `found no template ${template}`, {
    hint: `Looked for ${paths.join(' and ')}, and for a Packer image of that name.`
  })
}

/** The image as a manifest has it, or one that stands for a template that no manifest names. */
function imageOf(file: string, { images, root }: TemplateSearch): Image {
  const listed = images.find(image => image.builder === 'packer' && image.file === file)
  return listed ?? bareImage(file, root)
}

function bareImage(file: string, workingDirectory: string): Image {
  return {
    id: `packer__${basename(file)}`,
    name: basename(file),
    version: 'latest',
    builder: 'packer',
    file,
    fileAsWritten: basename(file),
    workingDirectory,
    tags: [],
    tagSource: 'none',
    extraArguments: [],
    buildArguments: [],
    dependsOn: [],
    inputs: undefined,
    test: undefined,
    push: true,
    timeoutMinutes: undefined,
    retries: undefined,
    manifest: file,
    position: { line: 1, column: 1 }
  }
}

/**
 * Finds the template that is to be tried, and reads it as Packer would.
 * @throws ChainError FILE_MISSING, or TEMPLATE_INVALID where it has no build for Docker
 */
export async function findTemplate(search: TemplateSearch, files: Files): Promise<FoundTemplate> {
  const { folders, template } = search
  const file =
    template === undefined ? await newest(folders, files) : named(template, search, files)
  const image = imageOf(file, search)
  const command = builderCommand(image, { builderArguments: [], squash: false })
  const args = [...command.args.slice(0, -1), ...search.packerArguments, image.file]
  const loaded = await loadTemplate(
    image,
    { command: { ...command, args }, env: search.env },
    files
  )
  const { builders, format, problems } = loaded.template
  const docker = builders.filter(({ type }) => type === 'docker')
  const [builder, ...others] = docker
  if (!builder) throw unusable(file, problems.map(formatProblem))
  return {
    file,
    workingDirectory: image.workingDirectory,
    builder,
    buildName: format === 'hcl' ? (builder.name.split('.').at(-1) ?? '') : builder.name,
    tags: [...image.tags, ...builder.tags.flatMap(tag => (tag.known ? [tag.text] : []))],
    others: others.map(({ name }) => name),
    secrets: [
      ...templateSecrets(loaded.template),
      ...argumentSecrets(image, { ...command, args }, search.env)
    ]
  }
}

const unusable = (file: string, problems: readonly string[]) =>
  new ChainError('TEMPLATE_INVALID', `found no docker builder in ${file}`, {
    hint: [
      ...problems,
      `Only containers can be entered; ${dirname(file)} may have another template.`
    ].join('\n')
  })

/** The name of a live container where the user gives none: what the earlier helper makes of the image's. */
export function liveName({ tags, file }: FoundTemplate): string {
  const name = tags[0] ?? basename(file).replace(/\.(pkr\.hcl|pkr\.json|json)$/, '')
  return `${name.replace(/[^A-Za-z0-9]/g, '')}live`
}
