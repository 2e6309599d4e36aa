import { EVENT_ID, type Event, getScalarValue, SCALAR_STYLE, type ScalarEvent } from 'js-yaml'
import type { Spot, ValuePath } from './positions.js'
import type { TextProblem } from './read.js'

interface Field {
  readonly key: number
  readonly node: YamlNode
}

/** A value of the text: `start` is its offset; a scalar has neither fields nor items. */
interface YamlNode {
  readonly start: number
  readonly fields?: Map<string, Field>
  readonly items?: YamlNode[]
}

interface Open {
  readonly node: YamlNode
  /** A mapping's key that waits for its value. */
  key?: { readonly name: string; readonly start: number } | undefined
}

/** What the events of one document say about places, and what is wrong with them. */
export interface YamlTree {
  readonly root: YamlNode | undefined
  readonly problems: readonly TextProblem[]
}

const MERGE = '<<'

/** Puts the places of all values together; reports keys that stand twice, and further documents. */
export function readYamlTree(events: readonly Event[], text: string): YamlTree {
  const builder = new TreeBuilder(text)
  for (const event of events) builder.read(event)
  return builder
}

class TreeBuilder implements YamlTree {
  root: YamlNode | undefined
  readonly problems: TextProblem[] = []
  private readonly open: Open[] = []
  private readonly anchors = new Map<string, YamlNode>()
  private documents = 0
  /** Where the last thing began: a value that is not written has no place of its own. */
  private last = 0

  constructor(private readonly text: string) {}

  read(event: Event): void {
    switch (event.type) {
      case EVENT_ID.DOCUMENT:
        this.documents++
        break
      case EVENT_ID.POP:
        this.open.pop()
        break
      case EVENT_ID.ALIAS:
        this.readAlias(event.anchorStart, event.anchorEnd)
        break
      case EVENT_ID.SCALAR:
        this.readScalar(event)
        break
      default:
        this.readCollection(event)
    }
  }

  private readAlias(start: number, end: number): void {
    const target = this.anchors.get(this.text.slice(start, end))
    this.last = start - 1
    this.place(target ?? { start: start - 1 })
  }

  private readScalar(event: ScalarEvent): void {
    const start = this.scalarStart(event)
    const waiting = this.open.at(-1)
    if (waiting?.node.fields && !waiting.key) {
      this.openKey(waiting, { name: getScalarValue(this.text, event), start })
      return
    }
    const node = { start }
    this.anchor(event, node)
    this.place(node)
  }

  private scalarStart({ valueStart, style }: ScalarEvent): number {
    if (valueStart < 0) return this.last
    const isQuoted = style === SCALAR_STYLE.SINGLE_QUOTED || style === SCALAR_STYLE.DOUBLE_QUOTED
    this.last = isQuoted ? valueStart - 1 : valueStart
    return this.last
  }

  private readCollection(event: Extract<Event, { readonly start: number }>): void {
    const isMapping = event.type === EVENT_ID.MAPPING
    const { start } = event
    const node: YamlNode = isMapping ? { start, fields: new Map() } : { start, items: [] }
    this.last = event.start
    this.anchor(event, node)
    this.place(node)
    this.open.push({ node })
  }

  private anchor(
    event: { readonly anchorStart: number; readonly anchorEnd: number },
    node: YamlNode
  ) {
    if (event.anchorStart < 0) return
    this.anchors.set(this.text.slice(event.anchorStart, event.anchorEnd), node)
  }

  private openKey(waiting: Open, key: { readonly name: string; readonly start: number }): void {
    waiting.key = key
    if (!waiting.node.fields?.has(key.name)) return
    const message = `found the field \`${key.name}\` a second time, expected it once`
    this.problems.push({ offset: key.start, message })
  }

  private place(node: YamlNode): void {
    const parent = this.open.at(-1)
    if (!parent) this.placeRoot(node)
    else if (parent.node.items) parent.node.items.push(node)
    else if (parent.key) {
      parent.node.fields?.set(parent.key.name, { key: parent.key.start, node })
      parent.key = undefined
    } else {
      // A key that is no scalar: js-yaml refuses it when it makes the value.
      parent.key = { name: `\0${node.start}`, start: node.start }
    }
  }

  private placeRoot(node: YamlNode): void {
    this.root ??= node
    if (this.documents < 2 || this.root === node) return
    const message = 'found a second YAML document, expected one'
    this.problems.push({ offset: node.start, message })
  }
}

/** Finds values by their path, through aliases and merge keys; a path that leads nowhere ends at the last value on it. */
export function createYamlLocator(root: YamlNode = { start: 0 }): (path: ValuePath) => Spot {
  return path => {
    let field: Field = { key: root.start, node: root }
    for (const step of path) {
      const next =
        typeof step === 'number' ? findItem(field.node, step) : findField(field.node, step)
      if (!next) break
      field = next
    }
    return { key: field.key, value: field.node.start }
  }
}

function findItem(node: YamlNode, index: number): Field | undefined {
  const item = node.items?.[index]
  return item && { key: item.start, node: item }
}

/** A field of a mapping, or what `<<: *one` or `<<: [*one, *two]` brings in; each mapping is looked at once. */
function findField(node: YamlNode, name: string): Field | undefined {
  const sources = new Set([node])
  for (const source of sources) {
    const field = source.fields?.get(name)
    if (field) return field
    const merged = source.fields?.get(MERGE)?.node
    // What is added to a set while it is gone through comes last.
    for (const further of merged?.items ?? (merged ? [merged] : [])) sources.add(further)
  }
  return undefined
}
