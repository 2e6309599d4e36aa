import type { Place } from '../errors.js'

/** An expression of HCL's native syntax, as far as this program evaluates it. */
export type Expression =
  | { readonly kind: 'string'; readonly text: string }
  | { readonly kind: 'number'; readonly text: string }
  | { readonly kind: 'bool'; readonly on: boolean }
  | { readonly kind: 'null' }
  | { readonly kind: 'template'; readonly parts: readonly TemplatePart[] }
  | { readonly kind: 'reference'; readonly name: string }
  | { readonly kind: 'attribute'; readonly of: Expression; readonly name: string }
  | { readonly kind: 'index'; readonly of: Expression; readonly key: Expression }
  | CallExpression
  | { readonly kind: 'list'; readonly items: readonly Expression[] }
  | { readonly kind: 'object'; readonly entries: readonly ObjectEntry[] }
  | ForExpression
  | { readonly kind: 'unary'; readonly operator: string; readonly operand: Expression }
  | BinaryExpression
  | ConditionalExpression
  | { readonly kind: 'unsupported'; readonly what: string; readonly of: readonly Expression[] }

/** A piece of a template: text as it stands, or a value. */
export type TemplatePart = string | Expression

export type ObjectEntry = readonly [key: Expression, value: Expression]

export interface CallExpression {
  readonly kind: 'call'
  readonly name: string
  readonly arguments: readonly Expression[]
  /** The last argument is a list of arguments (`f(list...)`). */
  readonly spread: boolean
}

export interface ForExpression {
  readonly kind: 'for'
  readonly keyName: string | undefined
  readonly valueName: string
  readonly collection: Expression
  /** Undefined for a list. */
  readonly key: Expression | undefined
  readonly value: Expression
  readonly grouped: boolean
  readonly condition: Expression | undefined
}

export interface BinaryExpression {
  readonly kind: 'binary'
  readonly operator: string
  readonly left: Expression
  readonly right: Expression
}

export interface ConditionalExpression {
  readonly kind: 'conditional'
  readonly condition: Expression
  readonly yes: Expression
  readonly no: Expression
}

export interface HclAttribute {
  readonly expression: Expression
  readonly place: Place
}

export interface HclBlock {
  readonly type: string
  readonly labels: readonly string[]
  readonly body: HclBody
  readonly place: Place
}

/** The content of a file or a block. */
export interface HclBody {
  readonly attributes: ReadonlyMap<string, HclAttribute>
  readonly blocks: readonly HclBlock[]
}
