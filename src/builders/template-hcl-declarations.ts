import type { Place } from '../errors.js'
import type { HclContext } from './template-hcl-context.js'
import { Cursor, HclSyntaxError } from './template-hcl-cursor.js'
import { evaluate } from './template-hcl-evaluate.js'
import { readExpression } from './template-hcl-expression.js'
import type { Expression, HclAttribute, HclBlock, HclBody } from './template-hcl-syntax.js'
import { type CtyType, convert, readType, typeOfValue } from './template-hcl-type.js'
import { type Cty, ctyUnknown } from './template-hcl-value.js'

/** An input variable as a template declares it. */
export interface Declaration {
  readonly name: string
  readonly place: Place
  readonly fallback: Cty | undefined
  /** `unset`: none written; `unread`: one that this program does not read. */
  readonly type: CtyType | 'unset' | 'unread'
  /** Declared in a `variables` block. */
  readonly brief: boolean
  readonly sensitive: boolean
}

/** A type in HCL's JSON form is a text. */
function typeIn(attribute: HclAttribute | undefined): Declaration['type'] {
  if (!attribute) return 'unset'
  const { expression } = attribute
  if (expression.kind !== 'string') return readType(expression) ?? 'unread'
  return readType(parsedExpression(expression.text) ?? { kind: 'null' }) ?? 'unread'
}

/** The expression that a whole text is, or undefined. */
export function parsedExpression(text: string): Expression | undefined {
  try {
    const cursor = new Cursor(text)
    const expression = readExpression(cursor)
    return cursor.sees(/\s*$/y) ? expression : undefined
  } catch (error) {
    if (error instanceof HclSyntaxError) return undefined
    throw error
  }
}

function declaration(block: HclBlock, context: HclContext): Declaration {
  const { attributes } = block.body
  const fallback = attributes.get('default')
  const type = typeIn(attributes.get('type'))
  const value = fallback && evaluate(fallback.expression, context.scope(fallback.place, {}, 'env'))
  const sensitive = attributes.get('sensitive')?.expression
  return {
    name: block.labels[0] ?? '',
    place: block.place,
    fallback: value && converted(value, type),
    type,
    brief: false,
    sensitive: sensitive?.kind === 'bool' && sensitive.on
  }
}

function briefDeclarations(block: HclBlock, context: HclContext): Declaration[] {
  return [...block.body.attributes].map(([name, { expression, place }]) => ({
    name,
    place,
    fallback: evaluate(expression, context.scope(place, {}, 'env')),
    type: 'unset',
    brief: true,
    sensitive: false
  }))
}

/** Every variable that the files of a template declare. */
export function declarations(bodies: readonly HclBody[], context: HclContext): Declaration[] {
  return bodies
    .flatMap(body => body.blocks)
    .flatMap(block => {
      if (block.type === 'variable') return [declaration(block, context)]
      return block.type === 'variables' ? briefDeclarations(block, context) : []
    })
}

/** A value as its variable holds it. */
export function converted(value: Cty, type: Declaration['type']): Cty {
  if (type === 'unread') return ctyUnknown('its type is left to Packer')
  return type === 'unset' ? value : convert(value, type)
}

const isEmpty = (value: Cty): boolean =>
  (value.kind === 'list' && value.items.length === 0) ||
  (value.kind === 'object' && value.entries.size === 0)

/** The type that a value from outside has to have; undefined where versions of Packer differ. */
export function wantedType({
  type,
  fallback,
  brief
}: Declaration): Declaration['type'] | undefined {
  if (type !== 'unset') return type
  if (!fallback) return 'unset'
  if (brief && fallback.kind !== 'string') return undefined
  return fallback.kind === 'null' || isEmpty(fallback) ? undefined : typeOfValue(fallback)
}
