import type { ImageResult } from '../run/events.js'

const seconds = (value: number | null) => (value === null ? '' : ` in ${value.toFixed(1)} s`)

/** One line on how an image ended. */
export function outcomeText(result: ImageResult): string {
  const name = result.image.tags[0] ?? result.tags[0] ?? result.image.id
  switch (result.status) {
    case 'built':
      return `${name} built${seconds(result.seconds)}`
    case 'failed':
      return `${name} failed${seconds(result.seconds)}: ${result.failure?.message ?? result.reason}`
    default:
      return `${name} ${result.status}: ${result.reason}`
  }
}
