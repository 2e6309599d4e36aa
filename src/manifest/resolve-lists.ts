import { costOfTexts } from './budget.js'
import { checkReference } from './check-reference.js'
import { quoteText } from './describe-value.js'
import type { Image } from './image.js'
import type { ImageFields } from './image-fields.js'
import { siteOf } from './image-source.js'
import type { ValuePath } from './positions.js'
import { normaliseReference } from './reference.js'
import { splitWords } from './split-words.js'

const ARGUMENT_NAME = /^[A-Za-z_][\w.-]*$/

/** To tell a reference from another text takes as long as to copy several. */
const REFERENCE = 3

/** All values, or undefined where one of them is missing. */
function all<Value>(values: readonly (Value | undefined)[]): readonly Value[] | undefined {
  return values.includes(undefined) ? undefined : (values as readonly Value[])
}

/** The texts of a list with their placeholders filled in. */
function fillAll(
  texts: readonly string[],
  path: ValuePath,
  fields: ImageFields
): readonly string[] | undefined {
  return all(texts.map((text, index) => fields.fill(text, [...path, index])))
}

/** An image's `tag` and `tags`, each reference once. */
export function resolveTags(fields: ImageFields): readonly string[] | undefined {
  const { source, tagSource, context } = fields
  if (source.wrong.has('tags')) return undefined
  const { tags: written = [] } = source.entry
  if (!context.budget.spend(REFERENCE * costOfTexts(written))) return undefined
  const main = tagSource === 'none' ? [] : [fields.tag()]
  const further = written.map((text, index) => {
    const site = siteOf(source, 'tags', index)
    const tag = fields.fill(text, site.path)
    return tag !== undefined && checkReference(tag, site, context.findings) ? tag : undefined
  })
  const tags = all([...main, ...further])
  if (!tags || tags.length < 2) return tags
  const seen = new Set<string>()
  const distinct = tags.filter(tag => {
    const reference = normaliseReference(tag)
    return !seen.has(reference) && seen.add(reference)
  })
  if (distinct.length < tags.length) {
    context.findings.warn(siteOf(source, 'tags'), 'found a tag that the image has already')
  }
  return distinct
}

/** A word of arguments; only the manifest itself may make an option of it, not what is filled in. */
function fillArgument(word: string, path: ValuePath, fields: ImageFields): string | undefined {
  const filled = fields.fill(word, path)
  if (!filled?.startsWith('-') || word.startsWith('-')) return filled
  const message = `found ${quoteText(word)}, which becomes ${quoteText(filled)}: a tool would take it for an option, expected the dash to be written`
  fields.context.findings.report({ path }, message)
  return undefined
}

/** The words of `extra_args`; split first, so that a value can never become further arguments. */
export function resolveExtraArguments(fields: ImageFields): readonly string[] | undefined {
  const { source, context } = fields
  const { extra_args: written } = source.entry
  if (source.wrong.has('extra_args')) return undefined
  if (written === undefined || written === '') return []
  const site = siteOf(source, 'extra_args')
  if (typeof written !== 'string') {
    return all(written.map((text, at) => fillArgument(text, [...site.path, at], fields)))
  }
  if (/[$`]/.test(written)) {
    const sign = written.includes('$') ? '`$`' : 'a backtick'
    context.findings.warn(site, `found ${sign}, which stays as it is: no shell runs`)
  }
  const words = splitWords(written)
  if (typeof words === 'string') {
    context.findings.report(site, words)
    return undefined
  }
  if (!context.budget.spend(costOfTexts(words))) return undefined
  return all(words.map(word => fillArgument(word, site.path, fields)))
}

/** `build_args` as pairs, in the manifest's order. */
export function resolveBuildArguments(fields: ImageFields): Image['buildArguments'] | undefined {
  const { source } = fields
  if (source.wrong.has('build_args')) return undefined
  const pairs = Object.entries(source.entry.build_args ?? {})
  return all(pairs.map(([name, value]) => resolvePair(name, value, fields)))
}

function resolvePair(
  name: string,
  value: string,
  fields: ImageFields
): readonly [string, string] | undefined {
  const { path } = siteOf(fields.source, 'build_args', name)
  if (!ARGUMENT_NAME.test(name) || name === '__proto__') {
    const message = `found ${quoteText(name)}, expected a name of letters, digits, \`_\`, \`-\` and \`.\``
    fields.context.findings.report({ path, on: 'key' }, message)
    return undefined
  }
  const filled = fields.fill(value, path)
  return filled === undefined ? undefined : [name, filled]
}

/** `test` with its placeholders filled in; null where there is none. */
export function resolveTest(fields: ImageFields): NonNullable<Image['test']> | null | undefined {
  const { source } = fields
  const { test } = source.entry
  if (source.wrong.has('test')) return undefined
  if (test === undefined) return null
  const { path } = siteOf(source, 'test')
  return typeof test === 'string' ? fields.fill(test, path) : fillAll(test, path, fields)
}
