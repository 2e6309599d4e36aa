import { ChainError } from '../errors.js'
import { normaliseDockers } from '../manifest/reference.js'
import type { EngineImage, EngineImageDetails } from '../ports.js'

type Row = Readonly<Record<string, unknown>>

/** The fields of an object in an answer; none of anything else. */
export const rowOf = (value: unknown): Row =>
  typeof value === 'object' && value !== null ? { ...value } : {}

const textsOf = (value: unknown): readonly string[] =>
  Array.isArray(value) ? value.filter(each => typeof each === 'string') : []

const NO_NAME = '<none>'

const named = (value: unknown) => textsOf(value).filter(name => !name.includes(NO_NAME))

/** `GET /images/json` gives seconds, an inspect a date. */
function secondsOf(created: unknown): number {
  if (typeof created === 'number') return created
  const time = typeof created === 'string' ? Date.parse(created) : Number.NaN
  return Number.isNaN(time) ? 0 : Math.floor(time / 1000)
}

/**
 * An image from a row of `GET /images/json`, of `GET /images/NAME/json` or of `docker image inspect`
 * (https://docs.docker.com/reference/api/engine/). Read by hand: it is on the way of every start.
 * @throws ChainError ENGINE_UNAVAILABLE where the row has no id
 */
export function parseEngineImage(value: unknown): EngineImage {
  const row = rowOf(value)
  if (typeof row.Id !== 'string') throw engineUnavailable('it lists an image without an id')
  return {
    id: row.Id,
    tags: named(row.RepoTags).map(normaliseDockers),
    digests: named(row.RepoDigests),
    bytes: typeof row.Size === 'number' ? row.Size : 0,
    created: secondsOf(row.Created)
  }
}

/**
 * The value of an answer that is to be JSON.
 * @throws ChainError ENGINE_UNAVAILABLE where it is none
 */
export function parseAnswer(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch (cause) {
    throw engineUnavailable(new Error('its answer cannot be read', { cause }))
  }
}

/** A list in an answer; one of a single value that is none, and of nothing for null. */
export function listOf(value: unknown): readonly unknown[] {
  if (Array.isArray(value)) return value
  return value === null || value === undefined ? [] : [value]
}

/** A text in an answer; empty for anything else. */
export const textIn = (value: unknown, name: string): string => {
  const found = rowOf(value)[name]
  return typeof found === 'string' ? found : ''
}

/**
 * What `GET /images/NAME/json` or `docker image inspect` gives besides.
 * @throws ChainError ENGINE_UNAVAILABLE where the row has no id
 */
export function parseDetails(value: unknown): EngineImageDetails {
  const row = rowOf(value)
  const labels = Object.entries(rowOf(rowOf(row.Config).Labels))
  return {
    id: parseEngineImage(value).id,
    platform: `${textIn(row, 'Os')}/${textIn(row, 'Architecture')}`,
    labels: Object.fromEntries(labels.filter(label => typeof label[1] === 'string')) as Record<
      string,
      string
    >
  }
}

/** ONBUILD instructions in an image as `GET /images/NAME/json` or `docker image inspect` gives it. */
export function parseTriggers(value: unknown): readonly string[] {
  return textsOf(rowOf(rowOf(value).Config).OnBuild)
}

/** The error for an image that went away before it could be tagged. */
export function imageGone(imageId: string, reference: string): ChainError {
  return new ChainError(
    'IMAGE_NOT_FOUND',
    `cannot tag ${imageId} as ${reference}: there is no such image`,
    { hint: 'Something has removed it since it was made: run again.' }
  )
}

const START =
  'Start Docker, or point DOCKER_HOST at a running daemon; `docker version` tells whether it answers.'

const ALLOW =
  'This user may not use it: join its group (`sudo usermod -aG docker "$USER"`, then log in again), or point DOCKER_HOST at a daemon of your own.'

/** The error for a daemon that does not answer, with what it said. */
export function engineUnavailable(cause: unknown): ChainError {
  const said = cause instanceof Error ? cause.message : String(cause)
  return new ChainError('ENGINE_UNAVAILABLE', `the Docker daemon does not answer: ${said.trim()}`, {
    hint: /EACCES|permission denied/i.test(said) ? ALLOW : START,
    cause
  })
}
