import type { Problem } from '../errors.js'
import { parseJsonText } from './template-json-tree.js'

/** What stands in place of a template's placeholders. */
export interface TemplateValues {
  readonly version: string
  readonly name: string
  /** Folders as Packer sees them from where it runs. */
  readonly ansibleFolder: string
  readonly saltFolder: string
  readonly dockerFolder: string
}

/** The placeholders, in the order in which the earlier tool filled them in; a folder's ends without `__`. */
const PLACEHOLDERS: readonly (readonly [placeholder: string, value: keyof TemplateValues])[] = [
  ['__VERSION__', 'version'],
  ['__NAME__', 'name'],
  ['__ANSIBLE_FOLDER', 'ansibleFolder'],
  ['__SALT_FOLDER', 'saltFolder'],
  ['__DOCKER_FOLDER', 'dockerFolder']
]

/** A template's text for one image; nothing but its placeholders is changed, not even white space. */
export function fillTemplate(text: string, values: TemplateValues): string {
  return PLACEHOLDERS.reduce(
    (filled, [placeholder, value]) => filled.replaceAll(placeholder, () => values[value]),
    text
  )
}

/** Why Packer could not read a filled template, with places in it; nothing where it can. */
export function templateProblems(path: string, text: string): readonly Problem[] {
  return parseJsonText({ path, text }).problems
}

/** Whether a file is a JSON template, which is all that a template with placeholders can become. */
export const isJsonTemplate = (path: string): boolean =>
  path.endsWith('.json') && !path.endsWith('.pkr.json')
