import * as z from 'zod/mini'
import { ChainError } from '../errors.js'
import { normaliseReference } from '../manifest/reference.js'
import type { EngineImage } from '../ports.js'

const strings = z.nullish(z.array(z.string()))

const summary = z.object({
  Id: z.string(),
  RepoTags: strings,
  RepoDigests: strings,
  Size: z.number(),
  Created: z.union([z.number(), z.string()])
})

const NO_NAME = '<none>'

const named = (names: readonly string[] | null | undefined) =>
  (names ?? []).filter(name => !name.includes(NO_NAME))

const seconds = (created: number | string) =>
  typeof created === 'number' ? created : Math.floor(Date.parse(created) / 1000)

/** An image from a row of `GET /images/json`, of `GET /images/NAME/json` or of `docker image inspect`. */
export function parseEngineImage(value: unknown): EngineImage {
  const row = summary.parse(value)
  return {
    id: row.Id,
    tags: named(row.RepoTags).map(normaliseReference),
    digests: named(row.RepoDigests),
    bytes: row.Size,
    created: seconds(row.Created)
  }
}

const config = z.object({
  Config: z.nullish(z.object({ OnBuild: z.nullish(z.array(z.string())) }))
})

/** ONBUILD instructions in an image as `GET /images/NAME/json` or `docker image inspect` gives it. */
export function parseTriggers(value: unknown): readonly string[] {
  return config.parse(value).Config?.OnBuild ?? []
}

/** The error for an image that went away before it could be tagged. */
export function imageGone(imageId: string, reference: string): ChainError {
  return new ChainError(
    'IMAGE_NOT_FOUND',
    `cannot tag ${imageId} as ${reference}: there is no such image`
  )
}

/** The error for a daemon that does not answer, with what it said. */
export function engineUnavailable(cause: unknown): ChainError {
  const said = cause instanceof Error ? cause.message : String(cause)
  return new ChainError('ENGINE_UNAVAILABLE', `the Docker daemon does not answer: ${said.trim()}`, {
    hint: 'Start Docker, or point DOCKER_HOST at a running daemon; `docker version` tells whether it answers.',
    cause
  })
}
