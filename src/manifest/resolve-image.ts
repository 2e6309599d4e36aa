import { checkPaths } from './check-paths.js'
import type { Image } from './image.js'
import { ImageFields } from './image-fields.js'
import { type ImageSource, type ManifestContext, siteOf } from './image-source.js'
import { locateDockerfile, locateTemplate } from './locate.js'
import type { ManifestDocument } from './read.js'
import {
  resolveBuildArguments,
  resolveExtraArguments,
  resolveTags,
  resolveTest
} from './resolve-lists.js'

/** The image that an entry asks for; undefined where something is wrong with it, which has been reported. */
export async function resolveImage(
  source: ImageSource,
  context: ManifestContext,
  document: ManifestDocument
): Promise<Image | undefined> {
  const fields = new ImageFields(source, context)
  checkBuilder(fields)
  // Asked for first, since it is what a cycle of fields is best told from.
  fields.tag()
  // A tag wins over them, which does not make them right.
  const isWellWritten = hasGoodText(fields, 'name') && hasGoodText(fields, 'version')
  const computed = {
    name: fields.name(),
    version: fields.version(),
    file: fields.file(),
    tags: resolveTags(fields),
    extraArguments: resolveExtraArguments(fields),
    buildArguments: resolveBuildArguments(fields),
    test: resolveTest(fields)
  }
  if (!isComplete(computed) || !isWellWritten || source.wrong.size > 0) return undefined
  const image = assemble(fields, computed, document)
  return (await checkPaths(image, fields)) ? image : undefined
}

interface Computed {
  readonly name: string
  readonly version: string
  readonly file: string
  readonly tags: readonly string[]
  readonly extraArguments: readonly string[]
  readonly buildArguments: Image['buildArguments']
  /** `null` where none is written. */
  readonly test: NonNullable<Image['test']> | null
}

function isComplete(
  computed: { [Key in keyof Computed]: Computed[Key] | undefined }
): computed is Computed {
  return !Object.values(computed).includes(undefined)
}

function hasGoodText(fields: ImageFields, field: 'name' | 'version'): boolean {
  return !fields.has(field) || fields[field]('written') !== undefined
}

function assemble(fields: ImageFields, computed: Computed, document: ManifestDocument): Image {
  const { builder, context, source, tagSource } = fields
  const { entry, path } = source
  const { name, version, file, tags, test } = computed
  const workingDirectory = fields.workingDirectory()
  const isDockerfile = builder === 'dockerfile'
  return {
    id: isDockerfile ? `dockerfile__${tags[0]}` : `packer__${file}`,
    name,
    version,
    builder,
    file: isDockerfile
      ? locateDockerfile(file, workingDirectory, context)
      : locateTemplate(file, context),
    fileAsWritten: file,
    workingDirectory,
    tags,
    tagSource,
    extraArguments: computed.extraArguments,
    buildArguments: computed.buildArguments,
    test: test ?? undefined,
    dependsOn: entry.depends_on ?? [],
    inputs: entry.inputs,
    push: entry.push ?? true,
    timeoutMinutes: entry.timeout,
    retries: entry.retries,
    manifest: document.path,
    position: document.positionOf(path)
  }
}

function checkBuilder({ builder, context, source, tagSource }: ImageFields): void {
  const { entry } = source
  const { findings } = context
  if (builder === 'dockerfile' && tagSource === 'none') {
    const message =
      'expected a `tag`, or a `name` with a `version`, as a Dockerfile builds the image'
    findings.report(siteOf(source), message)
  }
  if (builder === 'dockerfile' && entry.builder_type === 'packer') {
    const message = 'found `packer`, but a Dockerfile is given, which builds the image'
    findings.warn(siteOf(source, 'builder_type'), message)
  }
  const [first, second] = (['file', 'dockerfile', 'docker_file'] as const).filter(
    field => entry[field] !== undefined
  )
  if (first && second && entry[first] !== entry[second]) {
    findings.warn(siteOf(source, second), `found another file than in \`${first}\`, which is taken`)
  }
}
