import type { Place } from '../errors.js'
import type { Build, Component } from './template-component.js'
import { commandRenders, type GoScope, renderGo, renderGoFully } from './template-go.js'
import { jsonSettings, type Render } from './template-json-setting.js'
import { elements, type JsonNode, members } from './template-json-tree.js'
import { unknown, type Value } from './template-value.js'

/** A field of an object, its name in any case as Packer takes it. */
export function field(node: JsonNode | undefined, name: string): JsonNode | undefined {
  const own = members(node)
  const exact = own.find(member => member.name === name)
  return (exact ?? own.find(member => member.name.toLowerCase() === name))?.value
}

/** A text of an object's field; undefined where it is not there, or is no text. */
export function textField(node: JsonNode | undefined, name: string): string | undefined {
  const value = field(node, name)
  return value?.type === 'string' ? value.value : undefined
}

/** A component as it stands; a post-processor may be its type alone. */
export const typeOf = (node: JsonNode): string | undefined =>
  node.type === 'string' ? node.value : textField(node, 'type')

/** Post-processors in order, those of a sequence one after another. */
export function postProcessorNodes(root: JsonNode | undefined): readonly JsonNode[] {
  return elements(field(root, 'post-processors')).flatMap(node =>
    node.type === 'array' ? elements(node) : [node]
  )
}

function names(node: JsonNode | undefined): readonly string[] {
  if (node?.type === 'string') return [node.value]
  return elements(node).flatMap(element => (element.type === 'string' ? [element.value] : []))
}

/** Whether a component runs in a build: `only` wins over `except`. */
function runsIn(node: JsonNode, build: string): boolean {
  const only = names(field(node, 'only'))
  if (only.length > 0) return only.includes(build)
  return !names(field(node, 'except')).includes(build)
}

/** What the components of a template share. */
export interface JsonTemplate {
  readonly root: JsonNode | undefined
  readonly scope: GoScope
  readonly place: (node: JsonNode) => Place
}

interface ComponentRender {
  readonly render: Render
  /** The engines of single fields. */
  readonly renders?: Readonly<Record<string, Render>>
}

function componentOf(
  template: JsonTemplate,
  node: JsonNode,
  settings: JsonNode,
  { render, renders }: ComponentRender
) {
  const type = typeOf(node) ?? ''
  return { type, settings: jsonSettings(settings, render, renders), place: template.place(node) }
}

/** A provisioner, and once more with what is overridden for this build, since both may be read. */
function provisionersOf(
  template: JsonTemplate,
  build: string,
  render: ComponentRender
): Component[] {
  return elements(field(template.root, 'provisioners'))
    .filter(node => runsIn(node, build))
    .flatMap(node => {
      const override = members(field(node, 'override')).find(({ name }) => name === build)
      const own = componentOf(template, node, node, render)
      if (!override) return [own]
      return [own, { ...componentOf(template, node, override.value, render), isOverride: true }]
    })
}

/** A name that cannot be filled in stays as it is written. */
function nameText(name: Value, raw: string): string {
  return name.known ? name.text : raw
}

/** A build: one builder with the provisioners and post-processors that run for it. */
export function jsonBuild(template: JsonTemplate, node: JsonNode): Build {
  const type = typeOf(node) ?? ''
  const raw = textField(node, 'name') || type
  const name = renderGoFully(raw, { ...template.scope, buildName: unknown('the name itself') })
  const scope = { ...template.scope, buildName: name, buildType: type }
  const render: Render = text => renderGo(text, scope)
  const runCommand: Render = text => renderGoFully(text, { ...scope, fields: ['Image'] })
  return {
    name: nameText(name, raw),
    type,
    place: template.place(node),
    settings: jsonSettings(node, render, { run_command: runCommand }),
    provisioners: provisionersOf(template, raw, { render, renders: commandRenders(scope) }),
    postProcessors: postProcessorNodes(template.root)
      .filter(post => runsIn(post, raw))
      .map(post => componentOf(template, post, post, { render }))
  }
}
