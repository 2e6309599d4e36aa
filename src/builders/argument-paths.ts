import { resolve } from 'node:path'
import type { Image } from '../manifest/image.js'
import { dockerFlags } from './docker-arguments.js'
import { packerFlags } from './packer-arguments.js'

/** Flags whose values name files and folders that the builder reads or writes. */
const WITH_PATHS = new Set([
  ...['file', 'iidfile', 'metadata-file', 'build-context', 'secret', 'ssh', 'output'],
  ...['cache-from', 'cache-to', 'var-file']
])

const ADDRESS = /^(?:https?|git|ssh|docker-image|target):/

/** A path that an argument may name, absolute, and the word that names it. */
export interface ArgumentPath {
  readonly path: string
  readonly word: string
}

/**
 * Every path that an image's `extra_args` may name, since a value such as `type=local,dest=out` may
 * hold several: each part of it counts as one.
 */
export function argumentPaths(image: Image): readonly ArgumentPath[] {
  if (image.extraArguments.length === 0) return []
  const isDocker = image.builder === 'dockerfile'
  const flags = isDocker ? dockerFlags(image.extraArguments) : packerFlags(image.extraArguments)
  return flags
    .filter(({ name }) => WITH_PATHS.has(name))
    .flatMap(({ value = '' }) =>
      [value, ...value.split(/[=,"]/)]
        .filter(part => !ADDRESS.test(part))
        .map(part => ({
          path: resolve(image.workingDirectory, part.replace(/^oci-layout:\/\//, '')),
          word: value
        }))
    )
}
