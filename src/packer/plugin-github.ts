import { copyFile, mkdir, readdir, readFile, rename } from 'node:fs/promises'
import { join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import { backoff } from '../adapters/http-retry.js'
import { ChainError } from '../errors.js'
import { interrupted } from './download-attempt.js'
import type { Log } from './log.js'
import { askingEnvironment } from './path-packer.js'
import type { Platform } from './platform.js'
import { compareVersions, parseConstraint } from './plugin-constraint.js'
import { isSupportedProtocol, type PluginFile, pluginPattern, SUM_SUFFIX } from './plugin-file.js'
import type { AskedPacker } from './plugin-question.js'
import { withPrivateFolder } from './private-folder.js'
import { hashFile } from './verify.js'

export interface GithubPluginOptions {
  readonly packer: AskedPacker
  readonly source: string
  readonly constraint: string
  /** Raises GitHub's limit; goes to Packer alone, never into a message. */
  readonly token?: string | undefined
  /** Folder in Packer's layout that keeps these plugins. */
  readonly store: string
  readonly platform: Platform
  readonly log: Log
  readonly wait?: ((milliseconds: number) => Promise<unknown>) | undefined
  /** No attempt follows it. */
  readonly signal?: AbortSignal | undefined
}

const ATTEMPTS = 3
const TIMEOUT = 10 * 60_000

/** What the `_SHA256SUM` file beside a plugin says, where it is right about the plugin. */
async function goodSum(path: string): Promise<string | undefined> {
  try {
    const sum = (await readFile(path + SUM_SUFFIX, 'utf8')).trim().toLowerCase()
    return sum === (await hashFile(path)) ? sum : undefined
  } catch {
    return undefined
  }
}

/** The newest plugin of a source in a plugin folder that satisfies the constraint and is as it was installed. */
async function findIn(
  folder: string,
  { source, constraint, platform }: GithubPluginOptions
): Promise<PluginFile | undefined> {
  const accepts = parseConstraint(constraint)
  const pattern = pluginPattern(source, platform)
  const place = join(folder, ...source.split('/'))
  const found: PluginFile[] = []
  for (const name of await readdir(place).catch(() => [])) {
    const { version = '', protocol = '' } = pattern.exec(name)?.groups ?? {}
    const path = join(place, name)
    if (!accepts(version) || !isSupportedProtocol(protocol)) continue
    if (await goodSum(path)) found.push({ source, version, path, name })
  }
  return found.sort((a, b) => compareVersions(b.version, a.version))[0]
}

function withoutToken(text: string, token: string | undefined): string {
  return token ? text.replaceAll(token, '***') : text
}

async function install(options: GithubPluginOptions, folder: string): Promise<string | undefined> {
  const { packer, source, constraint, token } = options
  const args = ['plugins', 'install', source, ...(constraint === '' ? [] : [constraint])]
  const env = {
    ...askingEnvironment(packer.env),
    PACKER_PLUGIN_PATH: folder,
    ...(token ? { PACKER_GITHUB_API_TOKEN: token } : {})
  }
  const output = await packer.exec.capture(packer.path, args, {
    env,
    cwd: folder,
    timeout: TIMEOUT
  })
  if (output.status === 0) return undefined
  const text = withoutToken(`${output.stderr}\n${output.stdout}`, token)
  return text.replace(/\s+/g, ' ').trim() || `exit status ${output.status}`
}

async function installWithRetries(options: GithubPluginOptions, folder: string): Promise<void> {
  const wait = options.wait ?? ((milliseconds: number) => pause(milliseconds))
  for (let attempt = 1; ; attempt++) {
    const failure = await install(options, folder)
    if (failure === undefined) return
    if (options.signal?.aborted) throw interrupted()
    if (attempt === ATTEMPTS) {
      throw new ChainError('PLUGIN_FAILED', `${options.source} cannot be installed: ${failure}`, {
        hint: options.token
          ? 'Install it with `packer plugins install`, or leave it out by packer-plugins.'
          : "Set github-token where it is GitHub's limit that is met, or install it with `packer plugins install`."
      })
    }
    options.log(`packer plugins install ${options.source} failed, trying again: ${failure}`)
    await wait(backoff(attempt, Math.random))
  }
}

/** Puts a plugin and its sum into the store, each in one step, the sum first: without it Packer takes no plugin. */
async function keep(found: PluginFile, folder: string, store: string): Promise<void> {
  const place = join(store, ...found.source.split('/'))
  await mkdir(place, { recursive: true })
  for (const name of [`${found.name}${SUM_SUFFIX}`, found.name]) {
    const fresh = join(folder, `keep-${name}`)
    await copyFile(join(folder, ...found.source.split('/'), name), fresh)
    await rename(fresh, join(place, name))
  }
}

/**
 * A plugin that only GitHub has, by `packer plugins install`: Packer checks it by the sums of its
 * release, which nobody signs. It is kept in the store, and taken from there the next time.
 */
export async function getGithubPlugin(options: GithubPluginOptions): Promise<PluginFile> {
  const kept = await findIn(options.store, options)
  if (kept) return kept
  options.log(`Getting ${options.source} from GitHub with packer plugins install`)
  await withPrivateFolder(options.store, async folder => {
    await installWithRetries(options, folder)
    const found = await findIn(folder, options)
    if (found) await keep(found, folder, options.store)
  })
  const installed = await findIn(options.store, options)
  if (installed) return installed
  const message = `packer plugins install ${options.source} has installed nothing that this Packer can load`
  throw new ChainError('PLUGIN_FAILED', message, {
    hint: 'Ask for another version of it by packer-plugins, or for another Packer by packer-version.'
  })
}
