import type { Problem } from '../errors.js'
import type { TemplateText } from './template.js'
import { field, postProcessorNodes, typeOf } from './template-json-components.js'
import { elements, type JsonNode, members } from './template-json-tree.js'
import { placeAt } from './template-position.js'

const ROOT_KEYS = new Set([
  'min_packer_version',
  'description',
  'builders',
  'comments',
  'push',
  'post-processors',
  'provisioners',
  'error-cleanup-provisioner',
  'variables',
  'sensitive-variables'
])

const LISTS = ['builders', 'provisioners', 'post-processors']

/** As many tell what is wrong: to find the place of each goes through the text. */
const MOST_PROBLEMS = 50

/** Reads one file of a legacy JSON template and notes what is wrong with it. */
export class JsonReader {
  readonly problems: Problem[] = []

  constructor(readonly file: TemplateText) {}

  note(node: { readonly offset: number }, message: string): void {
    if (this.problems.length >= MOST_PROBLEMS) return
    this.problems.push({ place: placeAt(this.file, node.offset), message })
  }

  checkRoot(root: JsonNode): void {
    if (root.type !== 'object') this.note(root, 'a template is an object')
    for (const { name, at, value } of members(root)) {
      if (name.startsWith('_')) {
        if (value.type !== 'string')
          this.note(value, `${name} is a comment, so it has to be a text`)
      } else if (!ROOT_KEYS.has(name.toLowerCase())) {
        this.note({ offset: at }, `${name} is no key of a template; comments begin with "_"`)
      }
    }
    for (const name of LISTS) {
      const value = field(root, name)
      if (value && value.type !== 'array') this.note(value, `${name} is a list`)
    }
  }

  checkComponents(root: JsonNode): void {
    const components = [
      ...elements(field(root, 'builders')),
      ...elements(field(root, 'provisioners')),
      ...postProcessorNodes(root)
    ]
    for (const node of components) if (!typeOf(node)) this.note(node, 'a component needs a "type"')
  }

  /** Names with their texts, null for null; what is no text is noted and left out. */
  texts(node: JsonNode | undefined, what: string): Map<string, string | null> {
    const texts = new Map<string, string | null>()
    for (const { name, value } of members(node)) {
      if (value.type === 'string') texts.set(name, value.value)
      else if (value.type === 'null') texts.set(name, null)
      else this.note(value, `${what} ${name} has to be a text`)
    }
    return texts
  }
}
