import type { Outputs } from './outputs.js'

/**
 * Size of one output that GitHub takes, counted in UTF-16:
 * https://docs.github.com/en/actions/reference/workflows-and-actions/metadata-syntax#outputs-for-docker-container-and-javascript-actions
 */
const MOST_BYTES = 1_048_576

/** What an output is where it does not fit: nothing, in the shape that is expected of it. */
const EMPTY: Readonly<Record<string, string>> = {
  'tags-json': '[]',
  images: '[]',
  matrix: '{"include":[]}',
  stages: '[]'
}

/** Characters of a reason where the outputs are too large with all of it. */
const SHORT_REASON = 200

const size = (text: string) => Math.max(text.length * 2, Buffer.byteLength(text))

const fits = (text: string) => size(text) < MOST_BYTES

/** Outputs of a size that the platform takes, and the names of those that are empty for that. */
export interface FittingOutputs {
  readonly fitting: Outputs
  readonly tooLarge: readonly string[]
}

/**
 * Holds outputs below the platform's limit of 1 MiB each, and so below 50 MiB together. One that is
 * too large is left empty, since a part of it would be taken for the whole.
 */
export function fitOutputs(outputs: Outputs): FittingOutputs {
  const shortened = Object.entries(outputs).map(
    ([name, value]) => [name, name === 'images' ? shortenedImages(value) : value] as const
  )
  const tooLarge = shortened.filter(([, value]) => !fits(value)).map(([name]) => name)
  const fitting = shortened.map(([name, value]) => [
    name,
    tooLarge.includes(name) ? (EMPTY[name] ?? '') : value
  ])
  return { fitting: Object.fromEntries(fitting), tooLarge }
}

function shortenedImages(json: string): string {
  if (fits(json)) return json
  const rows = JSON.parse(json) as readonly { readonly reason: string }[]
  return JSON.stringify(rows.map(row => ({ ...row, reason: row.reason.slice(0, SHORT_REASON) })))
}

/** What a user is told of outputs that are too large. */
export function tooLargeText(names: readonly string[], report: string | undefined): string {
  const where = report ? `the report has everything: ${report}` : 'run `plan --format json` for all'
  return `too large for an output of a step, and left empty: ${names.join(', ')}; ${where}`
}
