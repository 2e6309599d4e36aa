import type { Image } from '../manifest/image.js'
import { shellLine } from '../run/command-line.js'
import { escapeControls } from './plain-text.js'

/** What a list is made of. */
export interface ImageList {
  readonly manifests: readonly string[]
  readonly images: readonly Image[]
  /** Options that say where the manifests are, as they were given. */
  readonly place: readonly string[]
}

/** How an image is chosen alone: a Dockerfile's by its tag, a template's by its id, as ever. */
export const nameOf = ({ builder, tags: [tag], id }: Image): string =>
  builder === 'dockerfile' && tag !== undefined && !id.includes('#') ? tag : id

const buildCommand = (image: Image, place: readonly string[]) => ({
  tool: 'build-chain',
  args: [...place, `--images=${nameOf(image)}`]
})

/** Each image with the command line that builds it and what it needs, alone. */
export function listText({ images, place }: ImageList): string {
  const lines = images.flatMap(image => [
    escapeControls(nameOf(image)),
    `  ${escapeControls(shellLine(buildCommand(image, place)))}`
  ])
  return lines.map(line => `${line}\n`).join('')
}

/** The names alone, one a line, for programs. */
export const listNames = ({ images }: ImageList): string =>
  images.map(image => `${escapeControls(nameOf(image))}\n`).join('')

/** The list as JSON: the shape is a contract, see docs/command-line.md. */
export function listJson({ manifests, images, place }: ImageList): object {
  return {
    manifests,
    images: images.map(image => ({
      id: image.id,
      name: image.name,
      version: image.version,
      builder: image.builder,
      tags: image.tags,
      file: image.file,
      workingDirectory: image.workingDirectory,
      build: ['build-chain', ...buildCommand(image, place).args]
    }))
  }
}
