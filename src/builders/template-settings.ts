import { known, unknown, type Value } from './template-value.js'

/** What a setting of a component holds, both template languages alike; a number is text. */
export type Setting =
  | { readonly kind: 'text'; readonly value: Value }
  | { readonly kind: 'flag'; readonly on: boolean }
  | { readonly kind: 'list'; readonly items: readonly Setting[] }
  | { readonly kind: 'map'; readonly entries: readonly (readonly [name: Value, Setting])[] }

/** A text that is known to be empty counts as one that is not there. */
const filled = (value: Value | undefined): Value | undefined =>
  value?.known && value.text === '' ? undefined : value

/** Go's strconv.ParseBool, and empty is false as Packer takes it. */
function flagText(text: string): boolean | undefined {
  if (/^(1|t|T|TRUE|true|True)$/.test(text)) return true
  return /^(0|f|F|FALSE|false|False|)$/.test(text) ? false : undefined
}

/** The settings of one component, read as Packer reads them into the types of its fields. */
export class Settings {
  constructor(
    private readonly entries: ReadonlyMap<string, Setting>,
    /** JSON templates may write a name in any case, and their flags become other texts. */
    private readonly json: boolean
  ) {}

  get(name: string): Setting | undefined {
    const exact = this.entries.get(name)
    if (exact || !this.json) return exact
    return [...this.entries].find(([key]) => key.toLowerCase() === name)?.[1]
  }

  /** These settings with those of an override in their place. */
  with(other: Settings): Settings {
    return new Settings(new Map([...this.entries, ...other.entries]), this.json)
  }

  /** Undefined where it is not set, or empty. */
  text(name: string): Value | undefined {
    const setting = this.get(name)
    return setting && filled(this.textOf(setting))
  }

  /** Undefined where it is not set, or not known. */
  flag(name: string): boolean | undefined {
    const setting = this.get(name)
    if (setting?.kind === 'flag') return setting.on
    const value = setting && this.textOf(setting)
    return value?.known ? flagText(value.text) : undefined
  }

  /** A text is split at its commas, as Packer does. */
  list(name: string): readonly Value[] {
    const setting = this.get(name)
    if (!setting) return []
    if (setting.kind === 'list') return setting.items.map(item => this.textOf(item))
    const value = this.textOf(setting)
    if (!value.known) return [value]
    return value.text === '' ? [] : value.text.split(',').map(known)
  }

  map(name: string): readonly (readonly [name: Value, value: Value])[] {
    const setting = this.get(name)
    if (!setting) return []
    if (setting.kind === 'map') {
      return setting.entries.map(([key, value]) => [key, this.textOf(value)])
    }
    const missing = unknown(`${name} is no map that this program reads`)
    return [[missing, missing]]
  }

  private textOf(setting: Setting): Value {
    if (setting.kind === 'text') return setting.value
    if (setting.kind === 'flag')
      return known(this.json ? (setting.on ? '1' : '0') : `${setting.on}`)
    return unknown(`a ${setting.kind} stands where a text is expected`)
  }

  /** The settings of blocks that stand in this one, or of the objects of a list. */
  children(name: string): readonly Settings[] {
    const setting = this.get(name)
    const children = setting?.kind === 'list' ? setting.items : setting ? [setting] : []
    return children.flatMap(child =>
      child.kind === 'map' ? [new Settings(namedEntries(child.entries), this.json)] : []
    )
  }

  /** Every text of the settings but those of the fields named. */
  values(except: readonly string[] = []): readonly Value[] {
    return [...this.entries].flatMap(([name, setting]) =>
      except.includes(name) ? [] : valuesOf(setting)
    )
  }
}

function namedEntries(entries: readonly (readonly [Value, Setting])[]): Map<string, Setting> {
  const named = entries.flatMap(([name, setting]): [string, Setting][] =>
    name.known ? [[name.text, setting]] : []
  )
  return new Map(named)
}

function valuesOf(setting: Setting): readonly Value[] {
  switch (setting.kind) {
    case 'flag':
      return []
    case 'text':
      return [setting.value]
    case 'list':
      return setting.items.flatMap(valuesOf)
    case 'map':
      return setting.entries.flatMap(([name, value]) => [name, ...valuesOf(value)])
  }
}
