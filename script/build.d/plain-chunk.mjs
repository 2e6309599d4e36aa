// What rolldown writes for any module, made plain where that is the same: in a short run, to load is most of the work.
import { isBuiltin } from 'node:module'
import { parseAst } from 'rolldown/parseAst'

const GETTER =
  /Object\.defineProperty\(exports,"([\w$]+)",\{enumerable:!0,get:function\(\)\{return ([\w$]+)\}\}\)/g

/** Names that a chunk declares once and for all. */
function constants(code) {
  const names = new Set()
  for (const { type, kind, id, declarations = [] } of parseAst(code).body) {
    if (type === 'FunctionDeclaration' || type === 'ClassDeclaration') names.add(id.name)
    if (kind === 'const') for (const each of declarations) names.add(each.id.name)
  }
  return names
}

/** Values in place of getters for what does not change: a sixteenth less to load. */
function plainExports(code) {
  const known = constants(code)
  return code.replace(GETTER, (getter, name, value) =>
    known.has(value) ? `exports.${name}=${value}` : getter
  )
}

/** Node's own modules as they are: a copy of one has a getter for each thing in it. */
function plainBuiltins(code) {
  const ids = new Map([...code.matchAll(/([\w$]+)=require\("([\w:/]+)"\)/g)].map(([, name, id]) => [name, id]))
  return code.replace(/([\w$]+)=require_rolldown_runtime\.__toESM\(\1,1\);/g, (copy, name) => {
    const isUsedAsModule = new RegExp(`(?<![\\w$])${name.replaceAll('$', '\\$')}\\.default(?![\\w$])`).test(code)
    return isBuiltin(ids.get(name) ?? '') && !isUsedAsModule ? '' : copy
  })
}

/** A chunk that does the same, and is sooner loaded. */
export const plainChunk = code => plainBuiltins(plainExports(code))
