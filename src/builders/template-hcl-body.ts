import type { Place, Problem } from '../errors.js'
import type { TemplateText } from './template.js'
import { Cursor, HclSyntaxError } from './template-hcl-cursor.js'
import { readExpression } from './template-hcl-expression.js'
import type { HclAttribute, HclBlock, HclBody } from './template-hcl-syntax.js'
import { readQuoted } from './template-hcl-text.js'
import { placeAt } from './template-position.js'

const IDENTIFIER = /[\p{ID_Start}_][\p{ID_Continue}-]*/uy
const NEWLINE = /\r?\n/y

class BodyReader {
  private readonly cursor: Cursor

  constructor(private readonly file: TemplateText) {
    this.cursor = new Cursor(file.text)
  }

  /** Reads items up to a closing brace, or to the end of the file. */
  body(end: 'brace' | 'file'): HclBody {
    const attributes = new Map<string, HclAttribute>()
    const blocks: HclBlock[] = []
    while (!this.ends(end)) {
      if (this.cursor.eat(NEWLINE)) continue
      this.item(attributes, blocks)
      this.endOfLine()
    }
    return { attributes, blocks }
  }

  private ends(end: 'brace' | 'file'): boolean {
    if (end === 'brace') return this.cursor.eat(/\}/y) !== undefined
    return this.cursor.sees(/$/y)
  }

  private endOfLine(): void {
    if (!this.cursor.sees(/\r?\n|$/y)) this.cursor.fail('a new line is expected here')
  }

  private item(attributes: Map<string, HclAttribute>, blocks: HclBlock[]): void {
    const { name, place } = this.name()
    if (this.cursor.eat(/=(?!=)/y)) this.attribute(attributes, name, place)
    else blocks.push(this.block(name, place))
  }

  private name(): { name: string; place: Place } {
    const name = this.cursor.expect(IDENTIFIER, 'the name of an argument or a block')
    return { name, place: placeAt(this.file, this.cursor.at - name.length) }
  }

  private attribute(attributes: Map<string, HclAttribute>, name: string, place: Place): void {
    if (attributes.has(name)) this.cursor.fail(`${name} is set twice`)
    attributes.set(name, { expression: readExpression(this.cursor), place })
  }

  private block(type: string, place: Place): HclBlock {
    const labels: string[] = []
    while (!this.cursor.eat(/\{/y)) labels.push(this.label())
    return { type, labels, place, body: this.blockBody() }
  }

  private label(): string {
    if (!this.cursor.eat(/"/y)) return this.cursor.expect(IDENTIFIER, 'an equals sign or a block')
    const label = readQuoted(this.cursor, readExpression)
    return label.kind === 'string' ? label.text : this.cursor.fail('a label is a plain text')
  }

  /** A block on one line holds one argument at most. */
  private blockBody(): HclBody {
    if (this.cursor.sees(/\}|\r?\n/y)) return this.body('brace')
    const attributes = new Map<string, HclAttribute>()
    const { name, place } = this.name()
    this.cursor.expect(/=(?!=)/y, 'an equals sign')
    this.attribute(attributes, name, place)
    this.cursor.expect(/\}/y, 'a closing brace, since a block on one line holds one argument,')
    return { attributes, blocks: [] }
  }
}

/** A file of HCL, or what is wrong with it. */
export interface HclText {
  readonly body: HclBody | undefined
  readonly problems: readonly Problem[]
}

/** What reading a file gives; a syntax error becomes a problem. */
export function reading(file: TemplateText, read: () => HclBody): HclText {
  try {
    return { body: read(), problems: [] }
  } catch (error) {
    if (!(error instanceof HclSyntaxError)) throw error
    const problem = { place: placeAt(file, error.at), message: error.message }
    return { body: undefined, problems: [problem] }
  }
}

/**
 * Reads HCL's native syntax, keeping places and the order of all blocks, which a conversion to JSON loses.
 * @see https://github.com/hashicorp/hcl/blob/main/hclsyntax/spec.md
 */
export function parseHcl(file: TemplateText): HclText {
  return reading(file, () => new BodyReader(file).body('file'))
}
