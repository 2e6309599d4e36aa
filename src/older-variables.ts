import { OPTION_ROWS } from './option-kinds.js'
import type { RawOptions } from './options.js'

/** Python's levels, and what they are here. */
const LEVELS: Readonly<Record<string, string>> = {
  warn: 'warning',
  fatal: 'critical',
  notset: 'debug'
}

/** Environment variables of the earlier tool; lists are parted by white space. */
const VARIABLES: Readonly<Record<string, { readonly option: string; readonly list?: true }>> = {
  // The first of several that are set counts.
  IMAGES: { option: 'images', list: true },
  BUILD_IMAGES: { option: 'images', list: true },
  SKIP_IMAGES: { option: 'skip-images', list: true },
  IMAGES_FILE: { option: 'images-files', list: true },
  BUILDER_ARGS: { option: 'builder-args' },
  PACKER_TEMPLATE: { option: 'packer-template' },
  DOCKER_FOLDER: { option: 'docker-folder' },
  ANSIBLE_FOLDER: { option: 'ansible-folder' },
  SALT_FOLDER: { option: 'salt-folder' },
  LOGLEVEL: { option: 'log-level' }
}

/** The texts of the options that the earlier tool's environment variables are. */
export function fromVariables(
  env: Readonly<Record<string, string | undefined>>
): ReadonlyMap<string, string> {
  const found = new Map<string, string>()
  for (const [variable, { option, list }] of Object.entries(VARIABLES)) {
    const text = env[variable]?.trim()
    if (!text || found.has(option)) continue
    found.set(option, list ? text.split(/\s+/).join('\n') : text)
  }
  if (env.NO_SQUASH?.trim()) found.set('squash', 'false')
  // A variable of this name is other programs', too.
  if (!LEVEL_NAMES.has(levelOf(found.get('log-level')) ?? '')) found.delete('log-level')
  return found
}

const LEVEL_NAMES = new Set(OPTION_ROWS.get('log-level')?.choices)

const levelOf = (text: string | undefined) => {
  const level = text?.toLowerCase()
  return level !== undefined && Object.hasOwn(LEVELS, level) ? LEVELS[level] : level
}

/** The option that a level of the earlier tool's log is here. */
export function fromLevel(raw: RawOptions): RawOptions {
  const level = levelOf(raw['log-level'])
  if (level === undefined) return raw
  const said = { ...raw, 'log-level': level }
  if (level === 'info' || raw.quiet !== undefined || raw.verbose !== undefined) return said
  return { ...said, [level === 'debug' ? 'verbose' : 'quiet']: 'true' }
}
