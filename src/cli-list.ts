import { files } from './adapters/files.js'
import { textMask } from './adapters/secret-sources.js'
import { writeOut } from './adapters/standard-streams.js'
import { terminalNotes } from './adapters/terminal-notes.js'
import { builderEnvironment } from './builders/environment.js'
import { listImages } from './commands/list-images.js'
import { loadImages } from './commands/load-images.js'
import { type Options, refuseFormat } from './options.js'
import { machinePlatform, rootOf } from './plan-project.js'
import { listJson, listNames, listText } from './report/list-text.js'

/** The options that lead to the manifests, for a command line that does the same. */
function placeOf({ workingDirectory, dockerFolder, imagesFiles }: Options): readonly string[] {
  return [
    ...(workingDirectory === '.' ? [] : [`--working-directory=${workingDirectory}`]),
    ...(dockerFolder === undefined ? [] : [`--docker-folder=${dockerFolder}`]),
    ...(imagesFiles === undefined ? [] : [`--images-files=${imagesFiles.join(',')}`])
  ]
}

/** `list` on the command line. */
export async function listInTerminal(options: Options): Promise<void> {
  const { imagesFiles, dockerFolder, outsidePaths, quiet, format } = options
  refuseFormat('list', format)
  const env = builderEnvironment(process.env)
  const loaded = await loadImages(
    { root: rootOf(options), imagesFiles, dockerFolder, env, outsidePaths },
    files
  )
  const request = { ...options, builderArguments: [], env, platform: machinePlatform() }
  const images = await listImages(loaded, request, files)
  const screen = terminalNotes(options, (await textMask()).text)
  for (const warning of loaded.warnings) screen.warn(warning)
  const list = { manifests: loaded.manifests, images, place: placeOf(options) }
  if (format === 'json') writeOut(`${JSON.stringify(listJson(list), null, 2)}\n`)
  else writeOut(quiet ? listNames(list) : listText(list))
}
