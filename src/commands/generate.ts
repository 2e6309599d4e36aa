import { dirname, isAbsolute, join, relative, resolve } from 'node:path'
import {
  fillTemplate,
  isJsonTemplate,
  type TemplateValues,
  templateProblems
} from '../builders/packer-template.js'
import { type Selection, selectImages } from '../chain/select.js'
import { ChainError, type Problem } from '../errors.js'
import type { Image, Warning } from '../manifest/image.js'
import type { Files } from '../ports.js'
import { templateFolders } from './template-folders.js'

/** What generating needs from the options and the machine. */
export interface GenerateRequest extends Selection {
  /** Absolute path of the project's root. */
  readonly root: string
  /** The template with placeholders, relative to the root; undefined: `packer.json` beside each manifest. */
  readonly packerTemplate: string | undefined
  readonly ansibleFolder: string | undefined
  readonly saltFolder: string | undefined
}

/** A template as it is to be, beside what its file has. */
export interface GeneratedFile {
  /** Absolute. */
  readonly path: string
  /** Relative to the project's root. */
  readonly name: string
  readonly text: string
  /** What the file has now; undefined where there is none. */
  readonly before: string | undefined
}

/** The templates of a project, whether they are up to date or not. */
export interface GeneratedFiles {
  readonly files: readonly GeneratedFile[]
  readonly warnings: readonly Warning[]
}

/** Whether a file is not what the template makes of it. */
export const isStale = ({ text, before }: GeneratedFile): boolean => text !== before

/**
 * Makes the JSON templates of a project's Packer images from templates with placeholders; writes nothing.
 * @throws ChainError FILE_MISSING where a template with placeholders is missing, TEMPLATE_INVALID
 * where what would come out is none, MANIFEST_INVALID where one file would have two contents
 */
export async function generate(
  images: readonly Image[],
  request: GenerateRequest,
  files: Files
): Promise<GeneratedFiles> {
  const chosen = chooseImages(images, request)
  const wanted = chosen.filter(image => refusal(image, request) === undefined)
  const sources = await readSources(wanted, request, files)
  const made = new Map<string, GeneratedFile>()
  const problems: Problem[] = []
  for (const image of wanted) {
    const source = sources.get(sourceOf(image, request)) ?? ''
    const text = fillTemplate(source, valuesFor(image, request, files))
    const earlier = made.get(image.file)
    if (earlier && earlier.text !== text) problems.push(conflict(image, earlier))
    made.set(image.file, await beside(image.file, text, request.root, files))
  }
  if (problems.length > 0) throw twoContents(problems)
  refuseBroken([...made.values()])
  return { files: [...made.values()], warnings: warningsOf(chosen, request) }
}

/** The Packer images that the user chose; unlike a build, without what they stand on. */
function chooseImages(images: readonly Image[], selection: Selection): readonly Image[] {
  const chosen = selectImages(images, [], selection)
  return images.filter(({ builder }, index) => builder === 'packer' && chosen.has(index))
}

const packerFolder = (image: Image, { root }: GenerateRequest) =>
  join(dirname(resolve(root, image.manifest)), 'packer')

/** Why an image's template is left to its author; undefined where it is made. */
function refusal(image: Image, request: GenerateRequest): string | undefined {
  if (!isJsonTemplate(image.file)) return 'it is no JSON template'
  const below = relative(packerFolder(image, request), image.file)
  return below.startsWith('..') || isAbsolute(below)
    ? "it is not in the manifest's folder `packer/`"
    : undefined
}

function warningsOf(chosen: readonly Image[], request: GenerateRequest): readonly Warning[] {
  return chosen.flatMap(image => {
    const reason = refusal(image, request)
    const { manifest: file, position } = image
    if (reason === undefined) return []
    return [{ message: `${image.fileAsWritten} is not generated: ${reason}`, file, position }]
  })
}

const sourceOf = (image: Image, { root, packerTemplate }: GenerateRequest) =>
  packerTemplate === undefined
    ? join(dirname(resolve(root, image.manifest)), 'packer.json')
    : resolve(root, packerTemplate)

async function readSources(
  images: readonly Image[],
  request: GenerateRequest,
  files: Files
): Promise<ReadonlyMap<string, string>> {
  const paths = [...new Set(images.map(image => sourceOf(image, request)))]
  const missing = paths.filter(path => !files.exists(path) || files.isFolder(path))
  if (missing.length > 0) throw noTemplate(missing, request)
  return new Map(
    await Promise.all(paths.map(async path => [path, await readExact(path, files)] as const))
  )
}

function noTemplate(paths: readonly string[], { root }: GenerateRequest): ChainError {
  return new ChainError('FILE_MISSING', 'a template to generate from is missing', {
    problems: paths.map(path => ({
      place: { file: relative(root, path) },
      message: 'found no such file, expected the template with `__NAME__` and `__VERSION__`'
    })),
    hint: 'Write it, or name yours with packer-template: docs/command-line.md#generate.'
  })
}

/** A text that gives the same bytes when it is written again. */
async function readExact(path: string, files: Files): Promise<string> {
  try {
    const decoder = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true })
    return decoder.decode(await files.read(path))
  } catch (cause) {
    if (cause instanceof ChainError) throw cause
    throw new ChainError('TEMPLATE_INVALID', 'found bytes that are not UTF-8', {
      where: { file: path },
      hint: 'Save the template as UTF-8: Packer reads nothing else.',
      cause
    })
  }
}

function valuesFor(image: Image, request: GenerateRequest, files: Files): TemplateValues {
  const { name, version } = image
  return { name, version, ...templateFolders(image, request, files) }
}

/** A file that cannot be read as text is only to be replaced. */
async function beside(
  path: string,
  text: string,
  root: string,
  files: Files
): Promise<GeneratedFile> {
  const isThere = files.exists(path) && !files.isFolder(path)
  const before = isThere ? await readExact(path, files).catch(() => '') : undefined
  return { path, name: relative(root, path), text, before }
}

function conflict(
  { manifest: file, position, name, version, fileAsWritten }: Image,
  earlier: GeneratedFile
) {
  return {
    place: { file, position },
    message: `${earlier.name} is ${name} ${version} here, and the template makes another text of it for an image before: found \`${fileAsWritten}\` twice, expected a file for each`
  }
}

const twoContents = (problems: readonly Problem[]) =>
  new ChainError('MANIFEST_INVALID', 'one file is generated for images that differ', {
    problems,
    hint: 'Leave out `file` and write `name` and `version`: the file is NAME-VERSION.json then.'
  })

function refuseBroken(files: readonly GeneratedFile[]): void {
  const problems = files.flatMap(({ name, text }) => templateProblems(name, text))
  if (problems.length === 0) return
  throw new ChainError('TEMPLATE_INVALID', 'what would be generated is no template', {
    problems,
    hint: 'Mend the template that it is made from; nothing was written.'
  })
}
