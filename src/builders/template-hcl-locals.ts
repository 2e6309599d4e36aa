import type { HclContext, Members } from './template-hcl-context.js'
import { evaluate } from './template-hcl-evaluate.js'
import type { HclAttribute, HclBody } from './template-hcl-syntax.js'
import { type Cty, ctyUnknown } from './template-hcl-value.js'

interface Definition extends HclAttribute {
  readonly sensitive: boolean
}

function definitions(bodies: readonly HclBody[]): Map<string, Definition> {
  const found = new Map<string, Definition>()
  for (const { type, labels, body } of bodies.flatMap(({ blocks }) => blocks)) {
    if (type === 'locals') {
      for (const [name, local] of body.attributes) found.set(name, { ...local, sensitive: false })
    }
    const expression = body.attributes.get('expression')
    if (type === 'local' && expression) {
      const mark = body.attributes.get('sensitive')?.expression
      found.set(labels[0] ?? '', { ...expression, sensitive: mark?.kind === 'bool' && mark.on })
    }
  }
  return found
}

/** Local values, each evaluated when it is first asked for. */
export interface Locals {
  readonly get: (name: string) => Cty | undefined
  readonly names: readonly string[]
  readonly sensitive: readonly string[]
}

/** The locals of a template, which may refer to each other in any order. */
export function resolveLocals(
  bodies: readonly HclBody[],
  members: Members,
  context: HclContext
): Locals {
  const defined = definitions(bodies)
  const values = new Map<string, Cty>()
  const get = (name: string): Cty | undefined => {
    const definition = defined.get(name)
    const value = values.get(name)
    if (value || !definition) return value
    values.set(name, ctyUnknown(`local.${name} refers to itself`))
    const scope = context.scope(definition.place, { ...members, local: get })
    const result = evaluate(definition.expression, scope)
    values.set(name, result)
    return result
  }
  const sensitive = [...defined].flatMap(([name, { sensitive: mark }]) => (mark ? [name] : []))
  return { get, names: [...defined.keys()], sensitive }
}
