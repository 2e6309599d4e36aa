import { quoteText } from './describe-value.js'
import type { Site } from './findings.js'
import type { Image } from './image.js'
import type { ImageFields } from './image-fields.js'
import { siteOf } from './image-source.js'

const FILE_FIELDS = ['file', 'dockerfile', 'docker_file'] as const

/**
 * Reports every path of an image that it may not read: a manifest may come from somebody whose
 * changes are only looked at. Gives whether all is well.
 */
export async function checkPaths(image: Image, fields: ImageFields): Promise<boolean> {
  const { mayRead, findings } = fields.context
  if (!mayRead) return true
  const { inputs = [] } = image
  const places =
    inputs.length > 0
      ? await (await import('./input-pattern.js')).inputPlaces(inputs, image.workingDirectory)
      : []
  const site = (field: (typeof FILE_FIELDS)[number] | 'working_dir'): Site =>
    siteOf(fields.source, ...(fields.source.entry[field] === undefined ? [] : [field]))
  const file = FILE_FIELDS.find(field => fields.has(field)) ?? 'file'
  const named: readonly (readonly [path: string, written: string, site: Site])[] = [
    [image.workingDirectory, image.workingDirectory, site('working_dir')],
    [image.file, image.fileAsWritten, site(file)],
    ...places.map(([path, text, at]) => [path, text, siteOf(fields.source, 'inputs', at)] as const)
  ]
  const outside = named.filter(([path]) => !mayRead(path))
  for (const [, written, where] of outside) {
    const message = `found ${quoteText(written)}, which leads out of the project, expected a path in it (${REMEDY})`
    findings.report(where, message)
  }
  return outside.length === 0
}

const REMEDY = '`outside-paths` allows others'
