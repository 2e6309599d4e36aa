import type { Problem } from '../errors.js'
import {
  elements,
  type JsonMember,
  type JsonNode,
  members,
  parseJsonText
} from './template-json-tree.js'
import { placeAt } from './template-position.js'

/** A template as it is, and the text that `packer fix` prints for it. */
export interface FixedTemplate {
  /** For messages. */
  readonly path: string
  readonly text: string
  readonly fixed: string
}

/** A value on one line; the same for every way to write it. */
const written = (node: JsonNode, text: string): string =>
  JSON.stringify(JSON.parse(text.slice(node.offset, node.offset + node.length)))

const line = ({ name, value }: JsonMember, text: string): string =>
  `${JSON.stringify(name)}: ${written(value, text)}`

/** A list of one and what is in it are the same setting in another form. */
const core = (node: JsonNode, text: string): string => {
  const [only, ...others] = elements(node)
  return written(only && others.length === 0 ? only : node, text)
}

interface Texts {
  readonly source: Pick<FixedTemplate, 'path' | 'text'>
  readonly fixed: string
}

function takenOut(removed: JsonMember, added: JsonMember[], { source, fixed }: Texts): Problem {
  const value = core(removed.value, source.text)
  const at = added.findIndex(each => core(each.value, fixed) === value)
  const [successor] = at >= 0 ? added.splice(at, 1) : []
  const remedy = successor
    ? `packer fix writes ${line(successor, fixed)}`
    : 'packer fix leaves it out'
  return {
    place: placeAt(source, removed.at),
    message: `${line(removed, source.text)} is of an older Packer: ${remedy}`
  }
}

function differences(before: JsonNode, after: JsonNode, texts: Texts): Problem[] {
  const { source, fixed } = texts
  if (before.type === 'object' && after.type === 'object') {
    const names = new Set(members(before).map(({ name }) => name))
    const added = members(after).filter(({ name }) => !names.has(name))
    return members(before).flatMap(member => {
      const same = members(after).find(({ name }) => name === member.name)
      if (!same) return [takenOut(member, added, texts)]
      if (!isLeaf(member.value)) return differences(member.value, same.value, texts)
      if (written(member.value, source.text) === written(same.value, fixed)) return []
      return [changed(member, same, texts)]
    })
  }
  const others = elements(after)
  return elements(before).flatMap((each, index) => {
    const other = others[index]
    return other ? differences(each, other, texts) : []
  })
}

const isLeaf = ({ type }: JsonNode): boolean => type !== 'object' && type !== 'array'

const changed = (before: JsonMember, after: JsonMember, { source, fixed }: Texts): Problem => ({
  place: placeAt(source, before.at),
  message: `${line(before, source.text)} is of an older Packer: packer fix writes ${line(after, fixed)}`
})

/** What `packer fix` makes of the settings of a JSON template, each with its place; what it only adds is left out. */
export function packerFixes({ path, text, fixed }: FixedTemplate): readonly Problem[] {
  const before = parseJsonText({ path, text }).root
  const after = parseJsonText({ path, text: fixed }).root
  if (!before || !after) return []
  return differences(before, after, { source: { path, text }, fixed })
}
