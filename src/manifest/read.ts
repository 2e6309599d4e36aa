import { ChainError, type Position, type Problem } from '../errors.js'
import { decodeManifest } from './decode.js'
import { createJsonLocator } from './json-positions.js'
import { countKeys, countWrittenKeys } from './json-text.js'
import { createLineIndex, type Spot, type ValuePath } from './positions.js'

/** A manifest's text as a value, with the places of all that is in it. */
export interface ManifestDocument {
  /** Path as the user gave it. */
  readonly path: string
  readonly value: unknown
  /** Characters of its text. */
  readonly size: number
  /** Place of a value or of its key; a path that leads nowhere ends at the last value on it. */
  positionOf(path: ValuePath, on?: 'key' | 'value'): Position
}

/** A value and where its parts begin in the text. */
export interface ParsedText {
  readonly value: unknown
  readonly locate: (path: ValuePath) => Spot
}

/** One error of a text, at an offset. */
export interface TextProblem {
  readonly offset: number
  readonly message: string
}

/**
 * Reads a manifest: YAML where the path ends in `.yaml` or `.yml`, else JSON with comments (`#`, `//`,
 * block comments) and trailing commas. MANIFEST_INVALID carries every syntax error with its place.
 * Plain JSON needs no other module, since loading one takes longer than parsing.
 */
export async function parseManifest(bytes: Uint8Array, path: string): Promise<ManifestDocument> {
  const text = decodeManifest(bytes, path)
  const positionAt = createLineIndex(text)
  if (text.trim() === '') {
    throw syntaxError(path, [
      { place: { file: path }, message: 'found an empty file, expected a manifest with `images`' }
    ])
  }
  const parsed = await parseText(text, path)
  if (Array.isArray(parsed)) throw syntaxError(path, toProblems(parsed, path, positionAt))
  const { value, locate } = parsed as ParsedText
  return {
    path,
    value,
    size: text.length,
    positionOf: (to, on = 'value') => positionAt(locate(to)[on])
  }
}

async function parseText(text: string, path: string): Promise<ParsedText | readonly TextProblem[]> {
  if (/\.ya?ml$/i.test(path)) return (await import('./read-yaml.js')).parseYaml(text)
  return parsePlainJson(text) ?? (await import('./read-json.js')).parseCommentedJson(text)
}

/** The value of strict JSON; undefined for anything else, and where a key stands twice in an object. */
function parsePlainJson(text: string): ParsedText | undefined {
  let value: unknown
  try {
    value = JSON.parse(text)
  } catch {
    return undefined
  }
  if (countKeys(value) !== countWrittenKeys(text)) return undefined
  return { value, locate: createJsonLocator(text) }
}

function toProblems(
  found: readonly TextProblem[],
  file: string,
  positionAt: (offset: number) => Position
): Problem[] {
  return found.map(({ offset, message }) => ({
    place: { file, position: positionAt(offset) },
    message
  }))
}

function syntaxError(path: string, problems: readonly Problem[]): ChainError {
  return new ChainError('MANIFEST_INVALID', `${path} cannot be read`, {
    where: problems[0]?.place,
    problems,
    hint: 'What a manifest looks like, in JSON and in YAML: docs/manifest.md'
  })
}
