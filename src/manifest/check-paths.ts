import { dirname, resolve } from 'node:path'
import { quoteText } from './describe-value.js'
import type { Site } from './findings.js'
import type { Image } from './image.js'
import type { ImageFields } from './image-fields.js'
import { siteOf } from './image-source.js'

const FILE_FIELDS = ['file', 'dockerfile', 'docker_file'] as const

/** What may mean something in a glob; what stands before it is a path to the letter. */
const WILDCARD = /[*?[\]{}()!+@]/

/**
 * Reports every path of an image that it may not read: a manifest may come from somebody whose
 * changes are only looked at. Gives whether all is well.
 */
export function checkPaths(image: Image, fields: ImageFields): boolean {
  const { mayRead, findings } = fields.context
  if (!mayRead) return true
  const site = (field: (typeof FILE_FIELDS)[number] | 'working_dir'): Site =>
    siteOf(fields.source, ...(fields.source.entry[field] === undefined ? [] : [field]))
  const file = FILE_FIELDS.find(field => fields.has(field)) ?? 'file'
  const named: readonly (readonly [path: string, written: string, site: Site])[] = [
    [image.workingDirectory, image.workingDirectory, site('working_dir')],
    [image.file, image.fileAsWritten, site(file)],
    ...(image.inputs ?? []).map(
      (text, at) => [inputFolder(text, image), text, siteOf(fields.source, 'inputs', at)] as const
    )
  ]
  const outside = named.filter(([path]) => !mayRead(path))
  for (const [, written, where] of outside) {
    const message = `found ${quoteText(written)}, which leads out of the project, expected a path in it (${REMEDY})`
    findings.report(where, message)
  }
  return outside.length === 0
}

const REMEDY = '`outside-paths` allows others'

/** Where a pattern of `inputs` begins to look; a way back up after a wildcard counts from there, too. */
function inputFolder(text: string, { workingDirectory }: Image): string {
  const path = text.replaceAll('\\', '')
  const wildcard = path.search(WILDCARD)
  if (wildcard < 0) return resolve(workingDirectory, path)
  const back = path
    .slice(wildcard)
    .split('/')
    .filter(name => name === '..')
  return resolve(workingDirectory, dirname(`${path.slice(0, wildcard)}x`), ...back)
}
