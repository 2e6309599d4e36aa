import type { Place } from '../errors.js'
import type { Build, Component } from './template-component.js'
import { commandRenders, type GoScope, renderGo, renderGoFully } from './template-go.js'
import { buildMembers, type HclContext, type Members } from './template-hcl-context.js'
import { evaluate } from './template-hcl-evaluate.js'
import { hclSetting, type Render } from './template-hcl-setting.js'
import type { HclAttribute, HclBlock, HclBody } from './template-hcl-syntax.js'
import { type Cty, stringIn } from './template-hcl-value.js'
import { type Setting, Settings } from './template-settings.js'
import { known, unknown, type Value } from './template-value.js'

/** One use of a source in a build block. */
export interface SourceUse {
  readonly type: string
  readonly name: string
  /** `source.name` as components see it. */
  readonly localName: string
  readonly buildName: string
  /** The source, and what the build block adds to it. */
  readonly bodies: readonly HclBody[]
  readonly place: Place
}

/** Evaluates the components of one build. */
export class BuildReader {
  private readonly members: Members
  private readonly go: GoScope

  constructor(
    private readonly context: HclContext,
    members: Members,
    readonly use: SourceUse
  ) {
    const source = { type: use.type, name: use.localName }
    this.members = { ...members, ...buildMembers(source, use.buildName) }
    this.go = {
      user: name => unknown(`there is no user variable ${name} in HCL`),
      workingDirectory: context.request.workingDirectory,
      buildName: known(use.name),
      buildType: use.type
    }
  }

  value({ expression, place }: HclAttribute): Cty {
    return evaluate(expression, this.context.scope(place, this.members))
  }

  settings(
    bodies: readonly HclBody[],
    renders: Readonly<Record<string, Render | undefined>> = {}
  ): Settings {
    const entries = new Map<string, Setting>()
    const usual: Render = text => renderGo(text, this.go)
    for (const body of bodies) {
      for (const [name, attribute] of body.attributes) {
        const own = Object.hasOwn(renders, name) ? renders[name] : undefined
        const setting = hclSetting(this.value(attribute), own ?? usual)
        if (setting) entries.set(name, setting)
      }
      for (const block of body.blocks) this.addBlock(entries, block, usual)
    }
    return new Settings(entries, false)
  }

  /** Blocks of one type are a list of maps. */
  private addBlock(entries: Map<string, Setting>, block: HclBlock, render: Render): void {
    const before = entries.get(block.type)
    const items = before?.kind === 'list' ? before.items : []
    const content = [...block.body.attributes].flatMap(([name, attribute]): [Value, Setting][] => {
      const setting = hclSetting(this.value(attribute), render)
      return setting ? [[known(name), setting]] : []
    })
    entries.set(block.type, { kind: 'list', items: [...items, { kind: 'map', entries: content }] })
  }

  builder(): Settings {
    const render: Render = text => renderGoFully(text, { ...this.go, fields: ['Image'] })
    return this.settings(this.use.bodies, { run_command: render })
  }

  private names(block: HclBlock, attribute: string): readonly string[] {
    const written = block.body.attributes.get(attribute)
    const value = written && this.value(written)
    return value?.kind === 'list' ? value.items.flatMap(item => stringIn(item) ?? []) : []
  }

  private runs(block: HclBlock): boolean {
    const name = `${this.use.type}.${this.use.localName}`
    const only = this.names(block, 'only')
    return only.length > 0 ? only.includes(name) : !this.names(block, 'except').includes(name)
  }

  /** A provisioner, and once more with what it overrides for this build, since both may be read. */
  private components(block: HclBlock): Component[] {
    if (!this.runs(block)) return []
    const type = block.labels[0] ?? ''
    const { place } = block
    const settings = this.settings([block.body], commandRenders(this.go))
    const component = { type, place, settings }
    const override = block.body.attributes.get('override')
    const overrides = override && this.value(override)
    const own = overrides?.kind === 'object' ? overrides.entries.get(this.use.localName) : undefined
    if (own?.kind !== 'object') return [component]
    const entries = [...own.entries].flatMap(([name, value]): [string, Setting][] => {
      const setting = hclSetting(value, text => renderGo(text, this.go))
      return setting ? [[name, setting]] : []
    })
    const overriding = new Settings(new Map(entries), false)
    return [component, { type, place, settings: overriding, isOverride: true }]
  }

  build(block: HclBlock): Build {
    const { type, localName, buildName, place } = this.use
    const name = `${type}.${localName}`
    return {
      type,
      place,
      name: buildName === '' ? name : `${buildName}.${name}`,
      settings: this.builder(),
      provisioners: block.body.blocks
        .filter(inner => inner.type === 'provisioner')
        .flatMap(inner => this.components(inner)),
      postProcessors: postProcessorBlocks(block).flatMap(inner => this.components(inner))
    }
  }
}

/** Post-processors of a build in order, those of a sequence one after another. */
export function postProcessorBlocks(build: HclBlock): readonly HclBlock[] {
  return build.body.blocks
    .flatMap(block => (block.type === 'post-processors' ? block.body.blocks : [block]))
    .filter(block => block.type === 'post-processor')
}
