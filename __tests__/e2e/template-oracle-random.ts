import fc from 'fast-check'
import type { OracleCase } from './template-oracle-packer.js'

const TEXTS = ['a', 'One-two', 'x,y,,z', '', '  sp ace ', 'A b', 'é', '1.10', '%', 'a/b/c', '$x']

const text = fc.constantFrom(...TEXTS)

const depth = { maxDepth: 3 }

const goQuoted = fc.oneof(
  text.map(one => `\`${one}\``),
  text.map(one => JSON.stringify(one))
)

/** An expression of Go's text/template that is a text. */
const goExpression = fc.letrec<{ one: string }>(tie => ({
  one: fc.oneof(
    depth,
    goQuoted,
    fc.constantFrom('v1', 'v2', 'gone').map(name => `(user \`${name}\`)`),
    tie('one').map(one => `(upper ${one})`),
    tie('one').map(one => `(${one} | lower)`),
    fc.tuple(tie('one'), goQuoted).map(([one, by]) => `(replace_all "a" ${by} ${one})`),
    fc.tuple(tie('one'), goQuoted).map(([one, by]) => `(replace "-" ${by} 1 ${one})`),
    tie('one').map(one => `(split ${one} "," 0)`)
  )
})).one

const goText = fc
  .tuple(
    fc.constantFrom('', 'x ', '{{`l`}}'),
    goExpression,
    fc.constantFrom('', ' y', ' {{- `t` }}')
  )
  .map(([before, one, after]) => `LABEL ${before}{{ ${one} }}${after}`)

const quoted = (one: string) => JSON.stringify(one).replaceAll(/([$%])\{/g, '$1$1{')

const hclText = text.map(quoted)

/** Expressions of HCL by the type of what they come to. */
const hcl = fc.letrec<{ text: string; list: string; map: string; number: string; bool: string }>(
  tie => ({
    text: fc.oneof(
      depth,
      hclText,
      fc.constantFrom('var.s', 'local.l'),
      tie('text').map(one => `upper(${one})`),
      tie('text').map(one => `trimspace(${one})`),
      fc.tuple(tie('text'), tie('text')).map(([one, end]) => `trimsuffix(${one}, ${end})`),
      fc.tuple(tie('text'), hclText).map(([one, by]) => `replace(${one}, "a", ${by})`),
      tie('list').map(list => `join("+", ${list})`),
      fc.tuple(tie('text'), tie('number')).map(([one, two]) => `format("%s-%v", ${one}, ${two})`),
      fc.tuple(tie('text'), tie('bool')).map(([one, two]) => `"p \${${one}}$\${n}\${${two}}"`),
      fc.tuple(tie('bool'), tie('text'), tie('text')).map(([a, b, c]) => `(${a} ? ${b} : ${c})`),
      tie('map').map(map => `lookup(${map}, "a", "z")`),
      tie('text').map(one => `dirname(${one})`)
    ),
    list: fc.oneof(
      depth,
      fc.constantFrom('var.li', '["a", "b"]', '[1, "x"]'),
      fc.tuple(tie('text'), tie('text')).map(([one, two]) => `[${one}, ${two}]`),
      fc.tuple(tie('list'), tie('list')).map(([one, two]) => `concat(${one}, ${two})`),
      tie('text').map(one => `split("-", ${one})`),
      tie('list').map(list => `[for i, x in ${list} : "\${i}:\${x}" if i < 2]`),
      tie('map').map(map => `[for k, v in ${map} : "\${k}=\${v}"]`)
    ),
    map: fc.oneof(
      depth,
      fc.constantFrom('var.ma', '{ a = "1", b = "2" }'),
      tie('text').map(one => `merge(var.ma, { a = ${one} })`)
    ),
    number: fc.oneof(
      depth,
      fc.constantFrom('1', '2', '10', 'var.n'),
      fc.tuple(tie('number'), tie('number')).map(([one, two]) => `(${one} + ${two} * 2)`),
      tie('list').map(list => `length(${list})`)
    ),
    bool: fc.oneof(
      depth,
      fc.constantFrom('true', 'false', 'var.b'),
      fc.tuple(tie('text'), tie('text')).map(([one, two]) => `(${one} == ${two})`),
      fc.tuple(tie('number'), tie('number')).map(([one, two]) => `(${one} < ${two})`),
      fc.tuple(tie('bool'), tie('bool')).map(([one, two]) => `(${one} && !${two})`)
    )
  })
)

const many = { minLength: 12, maxLength: 12 }

const jsonTemplate = fc.tuple(text, text, fc.array(goText, many)).map(([v1, more, changes]) =>
  JSON.stringify({
    variables: { v1, v2: `{{user \`v1\`}}+${more}` },
    builders: [{ type: 'docker', image: 'img', commit: true, changes }]
  })
)

const hclTemplate = fc.tuple(hclText, hcl.text, fc.array(hcl.text, many)).map(
  ([s, local, changes]) => `
variable "s" {
  default = ${s}
}
variable "n" {
  default = 5
}
variable "b" {
  type    = bool
  default = true
}
variable "li" {
  type    = list(string)
  default = ["p", "q-r", ${s}]
}
variable "ma" {
  type    = map(string)
  default = { b = "B", a = ${s} }
}
locals {
  l = ${local.replaceAll('local.l', 'var.s')}
}
source "docker" "one" {
  image   = "img"
  commit  = true
  changes = [
${changes.map(one => `    "LABEL \${${one}}"`).join(',\n')}
  ]
}
build {
  sources = ["docker.one"]
}
`
)

function cases(templates: fc.Arbitrary<string>, template: string, count: number): OracleCase[] {
  return fc.sample(templates, { numRuns: count, seed: 20 }).map((written, at) => ({
    name: `random: ${template} ${at}`,
    template,
    files: { [template]: written },
    left: true
  }))
}

/** Templates of both languages with a dozen random expressions each, the same at every run. */
export const RANDOM_CASES: readonly OracleCase[] = [
  ...cases(jsonTemplate, 't.json', 15),
  ...cases(hclTemplate, 't.pkr.hcl', 15)
]
