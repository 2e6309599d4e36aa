import { resolve } from 'node:path'
import { files } from './adapters/files.js'
import { dockerLogins } from './adapters/secret-files.js'
import { secretSources } from './adapters/secret-sources.js'
import { builderEnvironment } from './builders/environment.js'
import { type GeneratedFile, type GeneratedFiles, generate, isStale } from './commands/generate.js'
import { loadImages } from './commands/load-images.js'
import { boundedFiles } from './commands/project-bounds.js'
import { ChainError } from './errors.js'
import type { Warning } from './manifest/image.js'
import type { Options } from './options.js'
import { rootOf } from './plan-project.js'

// A template that is made is NAME-VERSION.json, whatever other templates are there.
const exists = (path: string) => !path.endsWith('.json') && files.exists(path)

/** The templates of a project as they are to be; writes nothing, needs neither Docker nor Packer. */
export async function generateProject(options: Options): Promise<GeneratedFiles> {
  const { imagesFiles, dockerFolder, outsidePaths } = options
  const root = rootOf(options)
  const env = builderEnvironment(process.env)
  const loaded = await loadImages(
    { root, imagesFiles, dockerFolder, env, exists, outsidePaths },
    files
  )
  secretSources.add(() => dockerLogins(env))
  const named = options.packerTemplate && resolve(root, options.packerTemplate)
  const { mayRead } = loaded
  // A template that the user names himself is where he says.
  const own = mayRead ? boundedFiles(files, path => path === named || mayRead(path)) : files
  const made = await generate(loaded.images, { ...options, root }, own)
  const idle: Warning[] =
    made.files.length + made.warnings.length > 0
      ? []
      : [{ message: 'no image is built by Packer: there is nothing to generate' }]
  return { files: made.files, warnings: [...loaded.warnings, ...made.warnings, ...idle] }
}

/** Writes the files that are not up to date, and gives them. */
export async function writeStale(
  made: readonly GeneratedFile[]
): Promise<readonly GeneratedFile[]> {
  const stale = made.filter(isStale)
  for (const { path, text } of stale) await files.write(path, text)
  return stale
}

/** What `--check` fails with where files are not up to date. */
export function notUpToDate(stale: readonly GeneratedFile[]): ChainError {
  const message =
    stale.length === 1 ? 'a file is not up to date' : `${stale.length} files are not up to date`
  return new ChainError('CHECK_FAILED', message, {
    problems: stale.map(({ name, before }) => ({
      place: { file: name },
      message: before === undefined ? 'is missing' : 'is not what the template makes of it'
    })),
    hint: 'Run `build-chain generate`, and commit what it writes.'
  })
}
