import type { ImageResult } from '../run/events.js'

/** What to do about a failed image: what is known to mend it, else where to look. */
export function remedyOf({ failure, image, logFile }: ImageResult): string {
  const known = failure?.advice?.join('\n')
  const log = logFile ? `Its whole log: ${logFile}` : ''
  switch (failure?.code) {
    case 'BUILD_TIMEOUT':
      return lines('Give it more minutes by timeout-minutes, or by `timeout` in the manifest.', log)
    case 'IMAGE_NOT_FOUND':
      return lines(known ?? missing(image.builder), log)
    default:
      return lines(known, log)
  }
}

const lines = (...texts: readonly (string | undefined)[]) => texts.filter(Boolean).join('\n')

const missing = (builder: 'dockerfile' | 'packer') =>
  builder === 'packer'
    ? 'Its template has to commit the container, and to tag the image with docker-tag.'
    : 'Its arguments must not send the image elsewhere, as --output does.'
