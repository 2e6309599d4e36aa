import type { TemplateText } from './template.js'
import { parseHcl } from './template-hcl-body.js'
import type { HclContext } from './template-hcl-context.js'
import { parseHclJsonValues } from './template-hcl-json.js'
import type { HclAttribute } from './template-hcl-syntax.js'

/** The values that a file of variables sets. */
export interface VariableFile {
  readonly json: boolean
  readonly auto: boolean
  readonly values: ReadonlyMap<string, HclAttribute>
}

const isJson = (file: TemplateText): boolean => file.path.endsWith('.json')

/** Reads a file of variables; `auto` for one that Packer finds beside the template. */
export function variableFile(file: TemplateText, auto: boolean, context: HclContext): VariableFile {
  const text = isJson(file) ? parseHclJsonValues(file) : parseHcl(file)
  context.problems.push(...text.problems)
  return { json: isJson(file), auto, values: text.body?.attributes ?? new Map() }
}

/** The files in the order of older versions (all HCL first), and of newer ones (found ones first). */
export function fileOrders(files: readonly VariableFile[]): readonly (readonly VariableFile[])[] {
  const found = files.filter(file => file.auto)
  const byFormat = (list: readonly VariableFile[]) => [
    ...list.filter(file => !file.json),
    ...list.filter(file => file.json)
  ]
  return [byFormat(files), [...byFormat(found), ...files.filter(file => !file.auto)]]
}
