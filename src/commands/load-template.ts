import { dirname, join, resolve } from 'node:path'
import { readPackerArguments } from '../builders/packer-arguments.js'
import { readTemplate, type Template, type TemplateText } from '../builders/template.js'
import { wildcardMatcher } from '../chain/wildcard.js'
import type { Image } from '../manifest/image.js'
import type { Command, Files } from '../ports.js'

const TEMPLATE_FILE = /\.(pkr\.hcl|pkr\.json|auto\.pkrvars\.hcl|auto\.pkrvars\.json)$/

/** What reading an image's file needs besides the image. */
export interface FileRequest {
  readonly command: Command
  /** The environment of builders. */
  readonly env: Readonly<Record<string, string>>
}

/** A template with the files that it came from, absolute paths. */
export interface LoadedTemplate {
  readonly template: Template
  readonly files: readonly string[]
  /** Folders of which all that is a template was read. */
  readonly folders: readonly string[]
  /** It may say where it lies or is built: what it makes is then not the same in another place. */
  readonly namesPlace: boolean
}

/** The functions and values of templates that are such a path. */
const PLACE = /\b(pwd|template_dir)\b|\bpath\.(cwd|root)\b/

async function texts(paths: readonly string[], files: Files): Promise<TemplateText[]> {
  const found = paths.filter(path => files.exists(path) && !files.isFolder(path))
  return Promise.all(found.map(async path => ({ path, text: await files.readText(path) })))
}

async function templatePaths(image: Image, files: Files): Promise<string[]> {
  if (!files.isFolder(image.file)) return [image.file]
  const names = await files.list(image.file)
  return names.filter(name => TEMPLATE_FILE.test(name)).map(name => join(image.file, name))
}

/** Reads an image's template as Packer would, with the variables that its call gives. */
export async function loadTemplate(
  image: Image,
  { command, env }: FileRequest,
  files: Files
): Promise<LoadedTemplate> {
  const given = readPackerArguments(command.args)
  const paths = await templatePaths(image, files)
  const variableFiles = given.variableFiles.map(path => resolve(command.cwd, path))
  const read = await texts(paths, files)
  const template = await readTemplate({
    files: read,
    variables: { cli: given.variables, files: await texts(variableFiles, files), env },
    workingDirectory: command.cwd,
    templateDirectory: files.isFolder(image.file) ? image.file : dirname(image.file)
  })
  return {
    template: chosenBuilders(template, given),
    files: [...paths, ...variableFiles],
    folders: files.isFolder(image.file) ? [image.file] : [],
    namesPlace: read.some(({ text }) => PLACE.test(text))
  }
}

type Choice = ReturnType<typeof readPackerArguments>

const matches = (patterns: readonly string[], name: string) =>
  patterns.some(pattern => pattern === name || wildcardMatcher(pattern)(name))

/** A template with the builds that `-only` and `-except` leave. */
function chosenBuilders(template: Template, { only, except }: Choice): Template {
  const builders = template.builders.filter(
    ({ name }) => (only.length === 0 || matches(only, name)) && !matches(except, name)
  )
  const kept = new Set(builders.flatMap(({ tags }) => tags))
  return { ...template, builders, tags: template.tags.filter(tag => kept.has(tag) || !tag.known) }
}
