import { createHash } from 'node:crypto'
import type { HttpAnswer, HttpCalls } from './http-calls.js'

/** An entry that was found: its key, and where it is to be had for some minutes. */
export interface FoundEntry {
  readonly key: string
  readonly url: URL
}

/** A key that is this run's now: where its entry is to be put; in words why it is not. */
export type Reserved = { readonly url: URL } | { readonly unkept: string }

/**
 * GitHub's cache service in its second version, by JSON over Twirp
 * (https://github.com/actions/toolkit/tree/main/packages/cache/src/generated,
 * https://twitchtv.github.io/twirp/docs/spec_v7.html). @actions/cache asks it the same, but for a file that is
 * whole on the disk only. Every call fails where the service does.
 */
export interface CacheService {
  /** The newest entry under the first prefix that has one. */
  find(prefixes: readonly string[]): Promise<FoundEntry | undefined>
  /** Takes a key that nobody has. */
  reserve(key: string): Promise<Reserved>
  /** Ends an entry that was reserved and put: from then on it is found. */
  finish(key: string, bytes: number): Promise<void>
}

type Environment = Readonly<Record<string, string | undefined>>

/** Entries of another version are not found: one for each form that they have had. */
export const versionOf = (packing: string): string =>
  createHash('sha256').update(`build-chain images 2 ${packing}`).digest('hex')

const NO_READING = /cache read denied:|does not permit reads/
const NO_WRITING = /cache write denied:|does not permit writes/
const ONLY_READS = 'this run may only read it'

const PATH = '/twirp/github.actions.results.api.v1.CacheService/'

type Fields = Readonly<Record<string, unknown>>

/** Fields of an answer, which Twirp lets have either kind of names. */
function fieldsOf({ body }: HttpAnswer): Fields {
  let value: unknown
  try {
    value = JSON.parse(body.toString())
  } catch {
    return {}
  }
  return typeof value === 'object' && value !== null ? (value as Fields) : {}
}

const textOf = (fields: Fields, ...names: readonly string[]): string =>
  String(names.map(name => fields[name]).find(value => typeof value === 'string') ?? '')

function addressOf(text: string): URL {
  if (!/^https?:/.test(text) || !URL.canParse(text)) throw new Error('it gave no address')
  return new URL(text)
}

class GithubService implements CacheService {
  readonly #calls: Pick<HttpCalls, 'ask'>
  readonly #runner: Environment
  readonly #version: string

  constructor(calls: Pick<HttpCalls, 'ask'>, runner: Environment, packing: string) {
    this.#calls = calls
    this.#runner = runner
    this.#version = versionOf(packing)
  }

  async find(prefixes: readonly string[]): Promise<FoundEntry | undefined> {
    const key = `${prefixes[0] ?? ''}newest`
    const { status, fields, said } = await this.#ask('GetCacheEntryDownloadURL', {
      key,
      restore_keys: prefixes
    })
    if (status === 403 && NO_READING.test(said)) return undefined
    if (status !== 200) throw new Error(said)
    if (fields.ok !== true) return undefined
    return {
      key: textOf(fields, 'matched_key', 'matchedKey'),
      url: addressOf(textOf(fields, 'signed_download_url', 'signedDownloadUrl'))
    }
  }

  async reserve(key: string): Promise<Reserved> {
    const { status, fields, said } = await this.#ask('CreateCacheEntry', { key }, { isOnce: true })
    if (NO_WRITING.test(said)) return { unkept: ONLY_READS }
    // The key is taken, by a run beside this one or before it; or the token only reads.
    if (status === 409 || status === 403) return { unkept: said }
    if (status !== 200) throw new Error(said)
    if (fields.ok !== true) return { unkept: said || 'the key is taken' }
    return { url: addressOf(textOf(fields, 'signed_upload_url', 'signedUploadUrl')) }
  }

  async finish(key: string, bytes: number): Promise<void> {
    const asked = { key, size_bytes: String(bytes) }
    const { status, fields, said } = await this.#ask('FinalizeCacheEntryUpload', asked)
    if (status !== 200 || fields.ok !== true) throw new Error(said || 'it does not take the entry')
  }

  async #ask(name: string, question: Fields, how: { readonly isOnce?: boolean } = {}) {
    const { ACTIONS_RESULTS_URL = '', ACTIONS_RUNTIME_TOKEN = '' } = this.#runner
    const answer = await this.#calls.ask({
      ...how,
      method: 'POST',
      url: new URL(`${PATH}${name}`, ACTIONS_RESULTS_URL),
      headers: {
        authorization: `Bearer ${ACTIONS_RUNTIME_TOKEN}`,
        'content-type': 'application/json'
      },
      body: JSON.stringify({ ...question, version: this.#version })
    })
    const { status } = answer
    const fields = fieldsOf(answer)
    const words = textOf(fields, 'message', 'msg')
    const said =
      status === 200 ? words : `${name} was answered by ${status}${words && `: ${words}`}`
    return { status, fields, said }
  }
}

/**
 * Opens the service of a step.
 * @param runner the environment of the step, which names the service and has its token
 * @param packing what archives are packed by: who cannot unpack one does not find it
 */
export function openService(
  calls: Pick<HttpCalls, 'ask'>,
  runner: Environment,
  packing: string
): CacheService {
  return new GithubService(calls, runner, packing)
}
