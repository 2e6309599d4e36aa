import { ChainError } from '../errors.js'
import { parseReference } from '../manifest/reference.js'
import type { Engine } from '../ports.js'
import { callSocket, type SocketAnswer } from './docker-socket.js'
import {
  engineUnavailable,
  imageGone,
  listOf,
  parseAnswer,
  parseDetails,
  parseEngineImage,
  parseTriggers,
  rowOf,
  textIn
} from './engine-image.js'

const messageOf = (answer: SocketAnswer): string => {
  try {
    return textIn(JSON.parse(answer.body), 'message') || answer.body.slice(0, 500)
  } catch {
    return answer.body.slice(0, 500)
  }
}

/** A text as a part of a path, whatever it holds: halves of pairs have no form there. */
const inPath = (text: string): string => encodeURIComponent(Buffer.from(text).toString())

const MISSING = [404]
/** What is removed is named by its id, and by nothing that could lead elsewhere. */
const WHOLE_ID = /^\w+$/
/** What is gone, is being removed already, or is in use. */
const GONE = [404, 409]

/** The daemon behind a Unix socket. */
export function socketEngine(socket: string, pull: Engine['pull']): Engine {
  const call = async (
    method: 'GET' | 'POST' | 'DELETE',
    path: string,
    missing: readonly number[] = []
  ) => {
    const answer = await callSocket(socket, { method, path }).catch((cause: unknown) => {
      throw engineUnavailable(cause)
    })
    if (missing.includes(answer.status)) return undefined
    if (answer.status >= 400) throw engineUnavailable(`${method} ${path}: ${messageOf(answer)}`)
    return answer.body
  }

  const ping = async () => {
    await call('GET', '/_ping')
  }

  const images = async () => {
    const body = await call('GET', '/images/json')
    return listOf(parseAnswer(body ?? '[]')).map(parseEngineImage)
  }

  const look = async (reference: string): Promise<unknown> => {
    const body = await call('GET', `/images/${inPath(reference)}/json`, MISSING)
    return body === undefined ? undefined : parseAnswer(body)
  }

  const inspect = async (reference: string) => {
    const found = await look(reference)
    return found === undefined ? undefined : parseEngineImage(found)
  }

  const details = async (reference: string) => {
    const found = await look(reference)
    return found === undefined ? undefined : parseDetails(found)
  }

  // Only what stores ask for: other runs need not load it.
  const facts = () => import('./engine-facts.js')

  const platforms = async (ids: readonly string[]) => (await facts()).platformsBy(details, ids)

  const triggers = async (imageId: string) => parseTriggers(await look(imageId))

  const version = async () => {
    return textIn(parseAnswer((await call('GET', '/version')) ?? '{}'), 'Version')
  }

  const info = async () => rowOf(parseAnswer((await call('GET', '/info')) ?? '{}'))

  const canSquash = async () => (await info()).ExperimentalBuild === true

  const storage = async () => (await facts()).imageStorage((await info()).DriverStatus)

  const tag = async (imageId: string, reference: string) => {
    const parsed = parseReference(reference)
    if (typeof parsed === 'string') {
      throw new ChainError('IMAGE_NOT_FOUND', `cannot tag as ${reference}: ${parsed}`, {
        hint: 'Correct the tag in the manifest or in the template.'
      })
    }
    const { name, tag: label } = splitTag(reference)
    const query = new URLSearchParams({ repo: name, tag: label })
    const path = `/images/${inPath(imageId)}/tag?${query}`
    if ((await call('POST', path, MISSING)) === undefined) throw imageGone(imageId, reference)
  }

  const drop = async (reference: string) => {
    await call('DELETE', `/images/${inPath(reference)}`, GONE)
  }

  const removeContainers: Engine['removeContainers'] = async (label, except) => {
    const filters = inPath(JSON.stringify({ label: [label] }))
    const body = await call('GET', `/containers/json?all=true&filters=${filters}`)
    const ids = listOf(parseAnswer(body ?? '[]'))
      .map(container => textIn(container, 'Id'))
      .filter(id => WHOLE_ID.test(id) && !except?.has(id))
    await Promise.all(ids.map(id => call('DELETE', `/containers/${id}?force=true&v=true`, GONE)))
    return ids
  }

  return {
    ping,
    images,
    inspect,
    details,
    platforms,
    triggers,
    pull,
    version,
    canSquash,
    storage,
    tag,
    drop,
    removeContainers
  }
}

/** Name and tag of a reference; the tag is `latest` where none is written. */
function splitTag(reference: string): { name: string; tag: string } {
  const colon = reference.lastIndexOf(':')
  return colon > reference.lastIndexOf('/')
    ? { name: reference.slice(0, colon), tag: reference.slice(colon + 1) }
    : { name: reference, tag: 'latest' }
}
