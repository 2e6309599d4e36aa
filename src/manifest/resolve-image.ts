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
export function resolveImage(
  source: ImageSource,
  context: ManifestContext,
  document: ManifestDocument
): Image | undefined {
  const fields = new ImageFields(source, context)
  checkBuilder(fields)
  const computed = {
    name: fields.name(),
    version: fields.version(),
    file: fields.file(),
    tags: resolveTags(fields),
    extraArguments: resolveExtraArguments(fields),
    buildArguments: resolveBuildArguments(fields),
    test: resolveTest(fields)
  }
  return isComplete(computed) && source.wrong.size === 0
    ? assemble(fields, computed, document)
    : undefined
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

function assemble(fields: ImageFields, computed: Computed, document: ManifestDocument): Image {
  const { builder, context, source, tagSource } = fields
  const { entry, path } = source
  const { file, test, ...rest } = computed
  const workingDirectory = fields.workingDirectory()
  const isDockerfile = builder === 'dockerfile'
  return {
    id: isDockerfile ? `dockerfile__${rest.tags[0]}` : `packer__${file}`,
    ...rest,
    builder,
    file: isDockerfile
      ? locateDockerfile(file, workingDirectory, context)
      : locateTemplate(file, context),
    fileAsWritten: file,
    workingDirectory,
    tagSource,
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
