import { CORE_SCHEMA, constructFromEvents, mergeTag, parseEvents, YAMLException } from 'js-yaml'
import type { ParsedText, TextProblem } from './read.js'
import { createYamlLocator, readYamlTree } from './yaml-positions.js'

/** A manifest of 100,000 images may merge ten common fields into each; a bomb is far above. */
const MAX_MERGED_KEYS = 1_000_000
const SCHEMA = CORE_SCHEMA.withTags(mergeTag)

/**
 * Reads YAML 1.2 with merge keys: one document, no tags of its own. Booleans are `true` and `false`,
 * dates are text. Keys that stand twice are all reported, of other errors the first.
 */
export function parseYaml(text: string): ParsedText | readonly TextProblem[] {
  const events = attempt(() => parseEvents(text, {}))
  if ('problem' in events) return [events.problem]
  const tree = readYamlTree(events.result, text)
  if (tree.problems.length > 0) return tree.problems
  const options = { source: text, schema: SCHEMA, maxTotalMergeKeys: MAX_MERGED_KEYS }
  const documents = attempt(() => constructFromEvents(events.result, options))
  if ('problem' in documents) return [documents.problem]
  return { value: documents.result[0], locate: createYamlLocator(tree.root) }
}

/** js-yaml asks for every exception to be caught, not only its own (https://github.com/nodeca/js-yaml). */
function attempt<Result>(
  read: () => Result
): { readonly result: Result } | { readonly problem: TextProblem } {
  try {
    return { result: read() }
  } catch (error) {
    if (!(error instanceof YAMLException)) {
      return { problem: { offset: 0, message: inWords(String(error)) } }
    }
    return { problem: { offset: error.mark?.position ?? 0, message: inWords(error.reason) } }
  }
}

function inWords(reason: string): string {
  if (reason.startsWith('nesting exceeded')) {
    return 'found nesting deeper than 100 levels, expected a manifest'
  }
  if (/^unknown \w+ tag/.test(reason)) {
    return `found ${reason.replace(/^([^!]*)!<(.*)>$/, '$1`$2`')}, expected plain YAML`
  }
  return `found YAML that cannot be read: ${reason}`
}
