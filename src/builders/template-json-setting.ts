import { elements, type JsonNode, members } from './template-json-tree.js'
import { type Setting, Settings } from './template-settings.js'
import { known, unknown, type Value } from './template-value.js'

/** Evaluates a text of a template. */
export type Render = (text: string) => Value

/** Go writes a number without an exponent; where JavaScript would not, it is left alone. */
function numberText(number: number): Value {
  const text = String(number)
  return text.includes('e') ? unknown(`how Packer writes the number ${text}`) : known(text)
}

function settingOf(node: JsonNode, render: Render): Setting {
  switch (node.type) {
    case 'string':
      return { kind: 'text', value: render(node.value) }
    case 'number':
      return { kind: 'text', value: numberText(node.value) }
    case 'boolean':
      return { kind: 'flag', on: node.value }
    case 'array':
      return { kind: 'list', items: elements(node).map(item => settingOf(item, render)) }
    case 'object':
      return {
        kind: 'map',
        entries: members(node).map(({ name, value }) => [render(name), settingOf(value, render)])
      }
    default:
      return { kind: 'text', value: known('') }
  }
}

/** Settings of a component; `renders` gives another engine for a field than the usual one. */
export function jsonSettings(
  node: JsonNode,
  render: Render,
  renders: Readonly<Record<string, Render>> = {}
): Settings {
  const entries = members(node)
    .filter(({ value }) => value.type !== 'null')
    .map(({ name, value }): [string, Setting] => {
      const lower = name.toLowerCase()
      const engine = Object.hasOwn(renders, lower) ? renders[lower] : undefined
      return [name, settingOf(value, engine ?? render)]
    })
  return new Settings(new Map(entries), true)
}
