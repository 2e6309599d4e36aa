import { skipSpace, stringEnd } from './json-text.js'
import type { Spot, ValuePath } from './positions.js'

interface Node extends Spot {
  children?: ReadonlyMap<string | number, Node>
}

/**
 * Finds values of a JSON text by their path; a path that leads nowhere ends at the last value on it.
 * The text is valid JSON, but for commas that trail. An object or list is looked through on the first
 * question about what is in it.
 */
export function createJsonLocator(text: string): (path: ValuePath) => Spot {
  const start = skipSpace(text, 0)
  const root: Node = { key: start, value: start }
  return path => {
    let node = root
    for (const step of path) {
      node.children ??= children(text, node.value)
      const child = node.children.get(step)
      if (!child) break
      node = child
    }
    return node
  }
}

function children(text: string, start: number): Map<string | number, Node> {
  const found = new Map<string | number, Node>()
  const open = text[start]
  if (open !== '{' && open !== '[') return found
  let at = skipSeparators(text, start + 1)
  while (at < text.length && text[at] !== '}' && text[at] !== ']') {
    const key = at
    const keyEnd = open === '{' ? stringEnd(text, key) : key
    const value = open === '{' ? skipSpace(text, skipSpace(text, keyEnd) + 1) : key
    found.set(open === '{' ? readKey(text.slice(key, keyEnd)) : found.size, { key, value })
    at = skipSeparators(text, valueEnd(text, value))
  }
  return found
}

function readKey(quoted: string): string {
  return quoted.includes('\\') ? String(JSON.parse(quoted)) : quoted.slice(1, -1)
}

function skipSeparators(text: string, start: number): number {
  const at = skipSpace(text, start)
  return text[at] === ',' ? skipSpace(text, at + 1) : at
}

function valueEnd(text: string, start: number): number {
  const first = text[start]
  if (first === '"') return stringEnd(text, start)
  if (first === '{' || first === '[') return collectionEnd(text, start)
  const after = /[,\]}\s]/g
  after.lastIndex = start
  return after.exec(text)?.index ?? text.length
}

const IN_COLLECTION = /["{}[\]]/g

function collectionEnd(text: string, start: number): number {
  let depth = 0
  IN_COLLECTION.lastIndex = start
  for (let found = IN_COLLECTION.exec(text); found; found = IN_COLLECTION.exec(text)) {
    const [character] = found
    if (character === '"') IN_COLLECTION.lastIndex = stringEnd(text, found.index)
    else if (character === '{' || character === '[') depth++
    else if (--depth === 0) return found.index + 1
  }
  return text.length
}
