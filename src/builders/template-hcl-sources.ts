import type { Place } from '../errors.js'
import { tooManyComponents } from './template-builds-size.js'
import type { Build } from './template-component.js'
import { BuildReader, type SourceUse } from './template-hcl-builds.js'
import type { HclContext, Members } from './template-hcl-context.js'
import { evaluate } from './template-hcl-evaluate.js'
import type { HclAttribute, HclBlock, HclBody } from './template-hcl-syntax.js'
import { type Cty, stringIn } from './template-hcl-value.js'

/** `source.TYPE.NAME` or `TYPE.NAME`. */
function sourceReference(text: string): { type: string; name: string } {
  const words = text.split('.')
  const [type = '', name = ''] = words.length > 2 ? words.slice(1) : words
  return { type, name }
}

/** Reads the build blocks of a template. */
export class BuildsReader {
  /** Provisioners and post-processors of all builds so far. */
  private components = 0

  constructor(
    private readonly context: HclContext,
    private readonly members: Members,
    private readonly bodies: readonly HclBody[]
  ) {}

  builds(): Build[] {
    return this.bodies
      .flatMap(body => body.blocks)
      .filter(block => block.type === 'build')
      .flatMap(block => this.buildsOf(block))
  }

  private buildsOf(block: HclBlock): Build[] {
    const uses = this.uses(block)
    this.components += uses.length * block.body.blocks.length
    const excess = tooManyComponents(this.components, block.place)
    if (excess) {
      this.context.problems.push(excess)
      return []
    }
    return uses.map(use => new BuildReader(this.context, this.members, use).build(block))
  }

  private value({ expression, place }: HclAttribute): Cty {
    return evaluate(expression, this.context.scope(place, this.members))
  }

  private text(attribute: HclAttribute | undefined): string {
    return (attribute && stringIn(this.value(attribute))) ?? ''
  }

  private uses(build: HclBlock): SourceUse[] {
    const buildName = this.text(build.body.attributes.get('name'))
    const listed = build.body.attributes.get('sources')
    const sources = listed ? this.value(listed) : undefined
    const references =
      sources?.kind === 'list' ? sources.items.flatMap(item => stringIn(item) ?? []) : []
    const plain = references.flatMap(reference => this.use(reference, buildName, build.place))
    const blocks = build.body.blocks.filter(block => block.type === 'source')
    return [
      ...plain,
      ...blocks.flatMap(block => this.use(block.labels[0] ?? '', buildName, block.place, block))
    ]
  }

  private use(reference: string, buildName: string, place: Place, block?: HclBlock): SourceUse[] {
    const { type, name } = sourceReference(reference)
    const source = this.source(type, name)
    if (!source) {
      this.context.problems.push({ place, message: `there is no source ${type}.${name}` })
      return []
    }
    if (block) this.noteOverrides(source, block)
    const localName = this.text(block?.body.attributes.get('name')) || name
    const bodies = block ? [source.body, block.body] : [source.body]
    return [{ type, name, localName, buildName, bodies, place: source.place }]
  }

  private source(type: string, name: string): HclBlock | undefined {
    return this.bodies
      .flatMap(body => body.blocks)
      .find(
        block => block.type === 'source' && block.labels[0] === type && block.labels[1] === name
      )
  }

  /** A build block can add to a source, and not set again what it sets. */
  private noteOverrides(source: HclBlock, block: HclBlock): void {
    for (const [name, { place }] of block.body.attributes) {
      if (!source.body.attributes.has(name)) continue
      const message = `${name} is set in the source already, and Packer takes it once`
      this.context.problems.push({ place, message })
    }
  }
}
