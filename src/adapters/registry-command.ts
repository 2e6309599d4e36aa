import { tmpdir } from 'node:os'
import type { Exec, ImageRegistry, RegistryImage, RegistryLook } from '../ports.js'
import { registryOf } from '../run/push-failures.js'
import { timeLimit } from '../run/time-limit.js'
import { type InsecureRegistries, openInsecureRegistries } from './insecure-registries.js'
import { type DockerAnswer, dockerCommand } from './stores/docker-command.js'

/** Milliseconds for one look at a registry. */
const LOOK = 60_000

/** Milliseconds between SIGTERM and SIGKILL of a push. */
const GRACE = 2_000

const lastLine = (text: string) => text.trim().split('\n').at(-1)?.trim() ?? ''

type Row = Readonly<Record<string, unknown>>

const rowOf = (value: unknown): Row =>
  typeof value === 'object' && value !== null ? { ...value } : {}

const textOf = (value: unknown) => (typeof value === 'string' ? value : undefined)

/** What `docker manifest inspect --verbose` printed, less the warnings before it. */
function parseManifests(text: string): unknown {
  const start = text.search(/^[[{]/m)
  try {
    return JSON.parse(start < 0 ? '' : text.slice(start))
  } catch {
    return undefined
  }
}

/** A manifest of its own: the digest is made by the docker command from what the registry sent. */
function manifestOf(value: unknown): RegistryImage | undefined {
  const row = rowOf(value)
  const digest = textOf(rowOf(row.Descriptor).digest)
  if (digest === undefined) return undefined
  const manifest = rowOf(row.SchemaV2Manifest ?? row.OCIManifest)
  return { digest, config: textOf(rowOf(manifest.config).digest) }
}

/** Digests of the manifests in an index, in order, as one text; undefined for what is no index. */
function partsOf(value: unknown): string | undefined {
  if (!Array.isArray(value)) return undefined
  return value.map(each => textOf(rowOf(rowOf(each).Descriptor).digest)).join(' ')
}

class CommandRegistry implements ImageRegistry {
  readonly #exec: Exec
  readonly #env: Readonly<Record<string, string>>
  readonly #insecure: InsecureRegistries

  constructor(exec: Exec, env: Readonly<Record<string, string>>) {
    this.#exec = exec
    this.#env = env
    this.#insecure = openInsecureRegistries(signal => this.#docker(INFO, signal))
  }

  async find(tag: string, { candidates, signal }: RegistryLook): Promise<RegistryImage | string> {
    // Not AbortSignal.timeout: within AbortSignal.any it can be garbage before its time is over.
    const limit = timeLimit(LOOK / 60_000, signal)
    const limited = limit.signal
    try {
      const answer = await this.#inspect(tag, limited)
      if (answer.status !== 0) return lastLine(answer.text)
      const value = parseManifests(answer.text)
      const parts = partsOf(value)
      if (parts === undefined) return manifestOf(value) ?? 'docker tells no digest'
      return await this.#findIndex({ tag, parts, candidates }, limited)
    } catch (error) {
      if (signal.aborted) return 'interrupted'
      return limited.aborted ? `no answer in ${LOOK / 1000} s` : messageOf(error)
    } finally {
      limit.clear()
    }
  }

  /** The docker command does not tell the digest of an index, but it can be asked for one by digest. */
  async #findIndex({ tag, parts, candidates }: Index, signal: AbortSignal): Promise<RegistryImage> {
    for (const digest of candidates) {
      const answer = await this.#inspect(`${repositoryOf(tag)}@${digest}`, signal)
      const isSame = answer.status === 0 && partsOf(parseManifests(answer.text)) === parts
      if (isSame) return { digest, config: undefined }
    }
    return { digest: undefined, config: undefined }
  }

  async #inspect(reference: string, signal: AbortSignal): Promise<DockerAnswer> {
    const isInsecure = await this.#insecure.has(registryOf(reference), signal)
    const flags = isInsecure ? ['--verbose', '--insecure'] : ['--verbose']
    return this.#docker(['manifest', 'inspect', ...flags, reference], signal)
  }

  #docker(args: readonly string[], signal: AbortSignal): Promise<DockerAnswer> {
    return dockerCommand(this.#exec, this.#env)(args, signal)
  }

  pushCommand(tag: string) {
    return { tool: 'docker', args: ['push', tag], cwd: tmpdir() }
  }

  push(tag: string, options: Parameters<ImageRegistry['push']>[1]) {
    return this.#exec.stream(this.pushCommand(tag), { ...options, env: this.#env, grace: GRACE })
  }
}

interface Index {
  readonly tag: string
  readonly parts: string
  readonly candidates: readonly string[]
}

const INFO = ['info', '--format', '{{json .RegistryConfig}}']

const messageOf = (error: unknown) => (error instanceof Error ? error.message : String(error))

/** A tag less what follows the name. */
function repositoryOf(tag: string): string {
  const colon = tag.lastIndexOf(':')
  return colon > tag.lastIndexOf('/') ? tag.slice(0, colon) : tag
}

/**
 * The registries by the docker command, which has the user's login.
 * @param env the environment of the docker command
 */
export function commandRegistry(exec: Exec, env: Readonly<Record<string, string>>): ImageRegistry {
  return new CommandRegistry(exec, env)
}
