import {
  CORE_SCHEMA,
  constructFromEvents,
  type Event,
  mergeTag,
  parseEvents,
  YAMLException
} from 'js-yaml'
import type { ParsedText, TextProblem } from './read.js'
import { createYamlLocator, readYamlTree } from './yaml-positions.js'

/** A manifest of 10,000 images may merge ten common fields into each; a bomb is far above. */
const MAX_MERGED_KEYS = 200_000
const SCHEMA = CORE_SCHEMA.withTags(mergeTag)

/**
 * Reads YAML 1.2 with merge keys: one document, no tags of its own. Booleans are `true` and `false`,
 * dates are text. Keys that stand twice are all reported, of other errors the first.
 */
export function parseYaml(text: string): ParsedText | readonly TextProblem[] {
  try {
    const events = parseEvents(text, {})
    const tree = readYamlTree(events, text)
    if (tree.problems.length > 0) return tree.problems
    return { value: construct(events, text), locate: createYamlLocator(tree.root) }
  } catch (error) {
    if (!(error instanceof YAMLException)) throw error
    return [{ offset: error.mark?.position ?? 0, message: inWords(error.reason) }]
  }
}

/** Keys that stand twice have been looked for, so that js-yaml need not stop at the first. */
function construct(events: Event[], source: string): unknown {
  const options = { source, schema: SCHEMA, json: true, maxTotalMergeKeys: MAX_MERGED_KEYS }
  return constructFromEvents(events, options)[0]
}

function inWords(reason: string): string {
  if (reason.startsWith('nesting exceeded')) {
    return 'found nesting deeper than 100 levels, expected a manifest'
  }
  if (/^unknown \w+ tag/.test(reason)) {
    return `found ${reason.replace(/!<(.*)>$/, '`$1`')}, expected plain YAML`
  }
  return `found YAML that cannot be read: ${reason}`
}
