import { resolve } from 'node:path'
import { quoteText } from './describe-value.js'
import type { Site } from './findings.js'
import type { Image } from './image.js'
import type { ImageFields } from './image-fields.js'
import { siteOf } from './image-source.js'
import { openScan, type ScanInput } from './input-pattern.js'

const FILE_FIELDS = ['file', 'dockerfile', 'docker_file'] as const

/**
 * Reports every path of an image that it may not read: a manifest may come from somebody whose
 * changes are only looked at. Gives whether all is well.
 */
export async function checkPaths(image: Image, fields: ImageFields): Promise<boolean> {
  const { mayRead, findings } = fields.context
  if (!mayRead) return true
  const site = (field: (typeof FILE_FIELDS)[number] | 'working_dir'): Site =>
    siteOf(fields.source, ...(fields.source.entry[field] === undefined ? [] : [field]))
  const file = FILE_FIELDS.find(field => fields.has(field)) ?? 'file'
  const named: readonly (readonly [path: string, written: string, site: Site])[] = [
    [image.workingDirectory, image.workingDirectory, site('working_dir')],
    [image.file, image.fileAsWritten, site(file)],
    ...(await namedInputs(image)).map(
      ([path, text, at]) => [path, text, siteOf(fields.source, 'inputs', at)] as const
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

/** Where each pattern of `inputs` begins to look, with the pattern and its number. */
async function namedInputs({ inputs = [], workingDirectory }: Image) {
  if (inputs.length === 0) return []
  const scan = await openScan()
  return inputs.flatMap((text, at) =>
    placesOf(scan(text, workingDirectory)).map(path => [path, text, at] as const)
  )
}

/** The base itself, and where a way back up after a wildcard would lead from there. */
function placesOf({ base, glob }: ReturnType<ScanInput>): readonly string[] {
  const back = glob.split('/').filter(name => name === '..')
  return back.length === 0 ? [base] : [base, resolve(base, ...back)]
}
