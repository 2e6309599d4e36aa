import { isAbsolute, resolve } from 'node:path'
import type { Image } from '../manifest/image.js'
import { csvFields } from './csv.js'
import { dockerFlags } from './docker-arguments.js'
import { packerFlags } from './packer-arguments.js'

/** Flags whose values name files and folders that the builder reads or writes. */
const WITH_PATHS = new Set([
  ...['file', 'iidfile', 'metadata-file', 'build-context', 'secret', 'ssh', 'output'],
  ...['cache-from', 'cache-to', 'policy', 'var-file']
])

/**
 * A path that an argument may name, absolute, and the word that names it. One with `..` in it is given as it is
 * written, which the system follows links in first, and without, as builders may take it.
 */
export interface ArgumentPath {
  readonly path: string
  readonly word: string
}

const afterName = (text: string) => text.slice(text.indexOf('=') + 1)

/**
 * The parts of a value that may be paths, since `type=local,"dest=out"` holds several; more than are paths,
 * and none is left out for looking like an address, since that may be a folder, too.
 */
function partsOf(value: string): ReadonlySet<string> {
  const given = [value, afterName(value)]
  const fields = given.flatMap(csvFields)
  const whole = [...given, ...fields, ...fields.map(afterName)]
  return new Set([...whole, ...whole.flatMap(part => part.split(/[=,"]/))])
}

/** Flags wherever one may begin: which words are values of flags that are not known cannot be told. */
function flagsOf({ builder, extraArguments: words }: Image) {
  const read = builder === 'dockerfile' ? dockerFlags : packerFlags
  return words.flatMap((_, at) => read(words.slice(at, at + 2)))
}

/** Every path that an image's `extra_args` may name. */
export function argumentPaths(image: Image): readonly ArgumentPath[] {
  const values = flagsOf(image).flatMap(({ name, value }) =>
    WITH_PATHS.has(name) && value !== undefined ? [value] : []
  )
  return [...new Set(values)].flatMap(word =>
    [...partsOf(word)].flatMap(part => {
      const named = part.replace(/^oci-layout:\/\//, '')
      const path = isAbsolute(named) ? named : `${image.workingDirectory}/${named}`
      return [...new Set([path, resolve(path)])].map(each => ({ path: each, word }))
    })
  )
}
