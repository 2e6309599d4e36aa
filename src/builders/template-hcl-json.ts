import type { TemplateText } from './template.js'
import { type HclText, reading } from './template-hcl-body.js'
import { Cursor, HclSyntaxError } from './template-hcl-cursor.js'
import { readExpression } from './template-hcl-expression.js'
import type { Expression, HclAttribute, HclBlock, HclBody } from './template-hcl-syntax.js'
import { readBareTemplate } from './template-hcl-text.js'
import {
  elements,
  type JsonMember,
  type JsonNode,
  members,
  parseJsonText
} from './template-json-tree.js'
import { placeAt } from './template-position.js'

/** Which names of a JSON object are blocks, with how many labels each: all else is an argument. */
interface Schema {
  readonly [type: string]: { readonly labels: number; readonly body: Schema } | undefined
}

const PLAIN: Schema = {}

const COMPONENT = { labels: 1, body: PLAIN }

const BUILD: Schema = {
  source: COMPONENT,
  provisioner: COMPONENT,
  'error-cleanup-provisioner': COMPONENT,
  'post-processor': COMPONENT,
  'post-processors': { labels: 0, body: { 'post-processor': COMPONENT } },
  hcp_packer_registry: { labels: 0, body: PLAIN }
}

const ROOT: Schema = {
  packer: { labels: 0, body: { required_plugins: { labels: 0, body: PLAIN } } },
  variables: { labels: 0, body: PLAIN },
  variable: { labels: 1, body: { validation: { labels: 0, body: PLAIN } } },
  locals: { labels: 0, body: PLAIN },
  local: { labels: 1, body: PLAIN },
  data: { labels: 2, body: PLAIN },
  source: { labels: 2, body: PLAIN },
  build: { labels: 0, body: BUILD },
  hcp_packer_registry: { labels: 0, body: PLAIN }
}

/** Members of an object, or of all objects of a list. */
const deepMembers = (node: JsonNode): readonly JsonMember[] =>
  node.type === 'array' ? elements(node).flatMap(members) : members(node)

class JsonBodyReader {
  constructor(
    private readonly file: TemplateText,
    /** Whether texts are templates; the values of var-files are not. */
    private readonly templates: boolean
  ) {}

  body(node: JsonNode, schema: Schema): HclBody {
    const attributes = new Map<string, HclAttribute>()
    const blocks: HclBlock[] = []
    for (const member of deepMembers(node)) {
      const block = Object.hasOwn(schema, member.name) ? schema[member.name] : undefined
      if (block) blocks.push(...this.blocks(member, block.labels, block.body))
      else if (member.name !== '//') attributes.set(member.name, this.attribute(member))
    }
    return { attributes, blocks }
  }

  private attribute({ value, at }: JsonMember): HclAttribute {
    return { expression: this.expression(value), place: placeAt(this.file, at) }
  }

  private blocks(member: JsonMember, labels: number, schema: Schema): HclBlock[] {
    return this.labelled(member.value, labels, []).map(({ node, labels: found }) => ({
      type: member.name,
      labels: found,
      place: placeAt(this.file, node.offset),
      body: this.body(node, schema)
    }))
  }

  private labelled(
    node: JsonNode,
    left: number,
    labels: readonly string[]
  ): { node: JsonNode; labels: readonly string[] }[] {
    if (left > 0) {
      return deepMembers(node).flatMap(({ name, value }) =>
        this.labelled(value, left - 1, [...labels, name])
      )
    }
    if (node.type === 'array') return elements(node).map(element => ({ node: element, labels }))
    return node.type === 'null' ? [] : [{ node, labels }]
  }

  private expression(node: JsonNode): Expression {
    switch (node.type) {
      case 'string':
        return this.text(node.value, node.offset)
      case 'number':
        return {
          kind: 'number',
          text: this.file.text.slice(node.offset, node.offset + node.length)
        }
      case 'boolean':
        return { kind: 'bool', on: node.value }
      case 'array':
        return { kind: 'list', items: elements(node).map(item => this.expression(item)) }
      case 'object':
        return {
          kind: 'object',
          entries: members(node).map(({ name, value, at }) => [
            this.text(name, at),
            this.expression(value)
          ])
        }
      default:
        return { kind: 'null' }
    }
  }

  private text(text: string, at: number): Expression {
    if (!this.templates) return { kind: 'string', text }
    try {
      return readBareTemplate(new Cursor(text), readExpression)
    } catch (error) {
      if (error instanceof HclSyntaxError) throw new HclSyntaxError(error.message, at)
      throw error
    }
  }
}

function readBody(file: TemplateText, templates: boolean, schema: Schema): HclText {
  const { root, problems } = parseJsonText(file)
  if (!root) return { body: undefined, problems }
  const text = reading(file, () => new JsonBodyReader(file, templates).body(root, schema))
  return { body: text.body, problems: [...problems, ...text.problems] }
}

/**
 * Reads the JSON form of an HCL template.
 * @see https://github.com/hashicorp/hcl/blob/main/json/spec.md
 */
export function parseHclJson(file: TemplateText): HclText {
  return readBody(file, true, ROOT)
}

/** Reads a JSON file of variables, whose texts are no templates. */
export function parseHclJsonValues(file: TemplateText): HclText {
  return readBody(file, false, PLAIN)
}
