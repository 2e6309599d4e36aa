import { checkReference } from './check-reference.js'
import { quoteText } from './describe-value.js'
import { fillWithin } from './fill-within.js'
import type { BuilderType, TagSource } from './image.js'
import { type ImageSource, type ManifestContext, siteOf } from './image-source.js'
import { chooseTemplate, defaultName, lessExtension, locateWorkingDirectory } from './locate.js'
import { lookUpPlaceholder } from './placeholders.js'
import type { ValuePath } from './positions.js'
import type { Reference } from './reference.js'

/** Fields that are text, and that a matrix may set, too. */
export const TEXT_FIELDS = [
  'tag',
  'name',
  'version',
  'file',
  'dockerfile',
  'docker_file',
  'working_dir'
] as const

type TextField = (typeof TEXT_FIELDS)[number]

/**
 * Which name and version a placeholder means: the image's own, or, while its `tag` is being filled in,
 * the ones that are written beside it.
 */
export type Meaning = 'own' | 'written'

/**
 * The fields of one image that stand on one another, each computed when it is asked for. Undefined
 * stands for a value that cannot be had because of something that has been reported.
 */
export class ImageFields {
  readonly builder: BuilderType
  readonly tagSource: TagSource
  private readonly values = new Map<string, string | undefined>()
  /** What is being computed, outermost first: asked for again, it stands on itself. */
  private readonly running: string[] = []
  private directory: string | undefined
  private parts: Reference | undefined

  constructor(
    readonly source: ImageSource,
    readonly context: ManifestContext
  ) {
    const isDockerfile = this.has('dockerfile') || this.has('docker_file')
    const type = isDockerfile ? 'dockerfile' : source.entry.builder_type
    this.builder = type === 'dockerfile' || type === 'docker' ? 'dockerfile' : 'packer'
    const isNamed = this.has('name') && this.has('version')
    this.tagSource = this.has('tag') ? 'written' : isNamed ? 'derived' : 'none'
  }

  /** Whether the manifest, or the matrix, writes a field. */
  has(field: TextField): boolean {
    return this.source.combination.has(field) || Object.hasOwn(this.source.entry, field)
  }

  name(meaning: Meaning = 'own'): string | undefined {
    if (meaning === 'own' && this.has('tag')) {
      return this.once('name', () => this.reference()?.image)
    }
    return this.once('written name', () =>
      this.has('name') ? this.text('name', 'written') : defaultName(this.context.root)
    )
  }

  version(meaning: Meaning = 'own'): string | undefined {
    if (meaning === 'own' && this.has('tag')) {
      return this.once('version', () => this.versionOfTag())
    }
    return this.once('written version', () =>
      this.has('version') ? this.text('version', 'written') : this.versionOfFile()
    )
  }

  /** The image's reference; undefined, too, where `tagSource` is `none`. */
  tag(): string | undefined {
    return this.tagSource === 'none' ? undefined : this.once('tag', () => this.computeTag())
  }

  /** The parts of `tag`. */
  reference(): Reference | undefined {
    return this.tag() === undefined ? undefined : this.parts
  }

  /** The name of the Dockerfile or template as the manifest writes it, or as it is by default. */
  file(): string | undefined {
    return this.once('file', () => {
      const field = this.fileField()
      if (field === undefined) return this.defaultFile()
      const file = this.text(field, 'own')
      if (!file?.startsWith('-')) return file
      const message = `expected a path, found ${quoteText(file)}, which a tool would take for an option`
      this.context.findings.report(siteOf(this.source, field), message)
      return undefined
    })
  }

  /** Absolute path; a `working_dir` that does not exist is found out by whoever builds. */
  workingDirectory(): string {
    const { entry, combination, wrong } = this.source
    const usable = wrong.has('working_dir') ? undefined : entry.working_dir
    const written = combination.get('working_dir') ?? usable
    this.directory ??= locateWorkingDirectory(written, this.source, this.context)
    return this.directory
  }

  /** A text of the image with its placeholders filled in. */
  fill(text: string, path: ValuePath, meaning: Meaning = 'own'): string | undefined {
    return fillWithin(text, path, {
      lookUp: placeholder => lookUpPlaceholder(placeholder, meaning, this),
      context: this.context
    })
  }

  /** A value computed once; reports one that stands on itself. */
  once(key: string, compute: () => string | undefined): string | undefined {
    if (this.values.has(key)) return this.values.get(key)
    if (this.running.includes(key)) {
      this.reportCycle(key)
      return undefined
    }
    this.running.push(key)
    const value = compute()
    this.running.pop()
    this.values.set(key, value)
    return value
  }

  private computeTag(): string | undefined {
    const isWritten = this.tagSource === 'written'
    const text = isWritten ? this.text('tag', 'written') : this.nameWithVersion()
    if (text === undefined) return undefined
    const site = siteOf(this.source, isWritten ? 'tag' : 'name')
    this.parts = checkReference(text, site, this.context.findings)
    return this.parts && text
  }

  private nameWithVersion(): string | undefined {
    const [name, version] = [this.name(), this.version()]
    return name === undefined || version === undefined ? undefined : `${name}:${version}`
  }

  private text(field: TextField, meaning: Meaning): string | undefined {
    const { combination, entry, wrong } = this.source
    if (wrong.has(field)) return undefined
    const site = siteOf(this.source, field)
    const literal = combination.get(field)
    const text = literal ?? this.fill(entry[field] ?? '', site.path, meaning)
    if (text !== '') return text
    this.context.findings.report(site, `expected a ${field}, found an empty text`)
    return undefined
  }

  private versionOfTag(): string | undefined {
    const reference = this.reference()
    if (!reference) return undefined
    if (reference.tag !== undefined) return reference.tag
    return this.has('version') ? this.version('written') : 'latest'
  }

  private versionOfFile(): string | undefined {
    const isWritten = this.fileField() !== undefined
    if (this.builder === 'dockerfile' || (this.has('tag') && !isWritten)) return 'latest'
    const file = this.file()
    return file === undefined ? undefined : lessExtension(file) || 'latest'
  }

  private fileField(): 'file' | 'dockerfile' | 'docker_file' | undefined {
    return (['file', 'dockerfile', 'docker_file'] as const).find(field => this.has(field))
  }

  private defaultFile(): string | undefined {
    const hasVersion =
      this.has('version') ||
      (this.builder === 'packer' && this.has('tag') && this.reference()?.tag !== undefined)
    if (this.builder === 'dockerfile' && !hasVersion) return 'Dockerfile'
    const name = this.name()
    const version = hasVersion ? this.version() : ''
    if (name === undefined || version === undefined) return undefined
    if (this.builder === 'dockerfile') return `Dockerfile.${name}-${version}`
    if (!hasVersion) return `${name}.json`
    return chooseTemplate(`${name}-${version}.json`, [`${name}.json`], this.context)
  }

  private reportCycle(key: string): void {
    const labels = [...this.running.slice(this.running.indexOf(key)), key].map(
      each => each.split(' ').at(-1) ?? each
    )
    const message = `found fields that stand on one another: ${labels.join(' → ')}`
    this.context.findings.report(siteOf(this.source, labels[0] ?? key), message)
  }
}
