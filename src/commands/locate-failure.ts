import type { Place } from '../errors.js'
import type { Image } from '../manifest/image.js'
import type { Files } from '../ports.js'

/** Where in its Dockerfile a build failed; undefined where the builder's output does not tell. */
export async function locateFailure(
  { builder, file }: Image,
  output: readonly string[],
  files: Pick<Files, 'readText'> | undefined
): Promise<Place | undefined> {
  if (builder !== 'dockerfile' || !files) return undefined
  // What only a failure needs is not loaded at the start.
  const { failedLine } = await import('../builders/failed-line.js')
  const text = await files.readText(file).catch(() => '')
  const line = failedLine(output, { file, text })
  return line === undefined ? undefined : { file, position: { line, column: 1 } }
}
