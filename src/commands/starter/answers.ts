import { ChainError, type Problem } from '../../errors.js'
import { parseReference } from '../../manifest/reference.js'

/** What a starting chain is made from. */
export interface StarterAnswers {
  /** The tag of the image that Packer makes less its name and version, such as `acme/`; may be empty. */
  readonly repository: string
  readonly name: string
  readonly version: string
  /** The outside image that the chain stands on. */
  readonly base: string
  /** Whether systemd runs while Packer provisions. */
  readonly systemd: boolean
}

/** The answers as they are given. */
export interface StarterRequest {
  readonly tag: string
  readonly base: string
  readonly systemd: boolean
}

/** The base where none is given. */
export const DEFAULT_BASE = 'debian:12'

/** Why a text cannot be the tag of the image to make; undefined where it can. */
export function tagProblem(text: string): string | undefined {
  const reference = parseReference(text)
  if (typeof reference === 'string') return reference
  return reference.digest === undefined ? undefined : 'a digest is known after the build only'
}

/** Why a text cannot be a base; undefined where it can. */
export function baseProblem(text: string): string | undefined {
  const reference = parseReference(text)
  return typeof reference === 'string' ? reference : undefined
}

/** A tag to propose in a folder. */
export function proposeTag(folder: string): string {
  const name = nameFrom(folder)
  return `${name}:1.0`
}

/** The name of an image as a folder's or file's name suggests it. */
export function nameFrom(text: string): string {
  const plain = text
    .toLowerCase()
    .replace(/^setups\./, '')
    .replace(/[^a-z0-9]+/g, '-')
    .replace(/^-|-$/g, '')
  return plain === '' || parseReference(plain) === undefined ? 'app' : plain
}

const REFERENCES = [
  ['tag', tagProblem],
  ['base', baseProblem]
] as const

/**
 * Reads what was asked for.
 * @throws ChainError OPTIONS_INVALID that lists every answer that will not do
 */
export function readAnswers(request: StarterRequest): StarterAnswers {
  const problems = REFERENCES.flatMap(([name, problemOf]): Problem[] => {
    const problem = problemOf(request[name])
    return problem ? [{ message: `${name}: found "${request[name]}": ${problem}` }] : []
  })
  const { tag, base, systemd } = request
  const reference = parseReference(tag)
  if (problems.length > 0 || typeof reference === 'string') {
    throw new ChainError('OPTIONS_INVALID', 'the options are not valid', {
      problems,
      hint: 'For example: build-chain init --tag acme/web:1.0 --base debian:12'
    })
  }
  const { registry, repo, image, tag: version = 'latest' } = reference
  const path = [registry, repo].filter(part => part !== undefined).map(part => `${part}/`)
  return { repository: path.join(''), name: image, version, base, systemd }
}
