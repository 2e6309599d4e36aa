import type { Cty } from './template-hcl-value.js'
import type { Setting } from './template-settings.js'
import { known, type Value } from './template-value.js'

/** Renders a text with Packer's older engine. */
export type Render = (text: string) => Value

/** A value as a setting; null is none. Packer renders the texts of an evaluated template with its older engine once more. */
export function hclSetting(value: Cty, render: Render): Setting | undefined {
  switch (value.kind) {
    case 'string':
      return { kind: 'text', value: render(value.text) }
    case 'number':
      return { kind: 'text', value: known(value.text) }
    case 'bool':
      return { kind: 'flag', on: value.on }
    case 'null':
      return undefined
    case 'unknown':
      return { kind: 'text', value: value.value }
    case 'list':
      return { kind: 'list', items: value.items.flatMap(item => hclSetting(item, render) ?? []) }
    case 'object':
      return {
        kind: 'map',
        entries: [...value.entries].flatMap(([name, item]): [Value, Setting][] => {
          const setting = hclSetting(item, render)
          return setting ? [[render(name), setting]] : []
        })
      }
  }
}
