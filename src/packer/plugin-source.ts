import { ChainError } from '../errors.js'
import { parseConstraint } from './plugin-constraint.js'

/** A plugin as HCL's required_plugins and `packer plugins install` name it. */
export interface PluginRequest {
  /** `github.com/hashicorp/docker`. */
  readonly source: string
  /** In Packer's words; empty for any. */
  readonly constraint: string
}

/** `packer-plugins`, read. */
export type PluginMode = 'auto' | 'none' | readonly PluginRequest[]

const PART = /^[a-z0-9](?:[\w.-]*[a-z0-9])?$/i
const OPERATOR = /^\s*[=!<>~]/

const invalid = (message: string): ChainError =>
  new ChainError('OPTIONS_INVALID', `packer-plugins: ${message}`, {
    hint: 'Write auto, none, or a list such as github.com/hashicorp/docker@>=1.1.2.'
  })

/** Whether a text has the form HOST/NAMESPACE/NAME, each a plain word. */
export function isPluginSource(source: string): boolean {
  const parts = source.split('/')
  return parts.length >= 3 && parts.every(part => PART.test(part) && !part.includes('..'))
}

/** `docker` of `github.com/hashicorp/docker`. */
export function pluginName(source: string): string {
  return source.slice(source.lastIndexOf('/') + 1)
}

function parseRequest(item: string): PluginRequest {
  const at = item.indexOf('@')
  const source = (at < 0 ? item : item.slice(0, at)).trim()
  const constraint = at < 0 ? '' : item.slice(at + 1).trim()
  if (!isPluginSource(source)) throw invalid(`${source} is not the source of a plugin`)
  parseConstraint(constraint)
  return { source, constraint }
}

// The list is parted by commas, and so is a constraint: what begins with an operator goes on with the one before.
function joinConstraints(items: readonly string[]): readonly string[] {
  const joined: string[] = []
  for (const item of items) {
    const last = joined.at(-1)
    if (OPERATOR.test(item) && last !== undefined)
      joined[joined.length - 1] = `${last},${item.trim()}`
    else joined.push(item)
  }
  return joined
}

/** @param items of `packer-plugins`, parted at commas and line ends; none means `auto`. */
export function parsePluginMode(items: readonly string[]): PluginMode {
  const [first = 'auto', ...rest] = items
  if (first === 'auto' || first === 'none') {
    if (rest.length > 0) throw invalid(`${first} stands alone, not with ${rest.join(', ')}`)
    return first
  }
  return joinConstraints(items).map(parseRequest)
}
