import { isAbsolute, join } from 'node:path'
import type * as Core from '@actions/core'
import { nodeCrypto } from '../chain/node-crypto.js'
import type { Warning } from '../manifest/image.js'
import { failureHeadline, failureText } from '../report/failure-text.js'
import { outcomeText } from '../report/outcome-text.js'
import type { ImageResult } from '../run/events.js'
import { blockOutput } from './blocking-output.js'
import type { Screen } from './ordered-output.js'

/**
 * Where an annotation stands.
 * @param folder the project's root, relative to the workspace that annotations count from
 */
export function annotationOf(
  { file, position }: Omit<Warning, 'message'>,
  folder = ''
): Core.AnnotationProperties {
  return {
    ...(file === undefined ? {} : { file: isAbsolute(file) ? file : join(folder, file) }),
    ...(position ? { startLine: position.line, startColumn: position.column } : {})
  }
}

/**
 * The log of a step: a group for each image, its builder's output fenced so that it cannot speak
 * workflow commands.
 * https://docs.github.com/en/actions/reference/workflow-commands-for-github-actions#stopping-and-starting-workflow-commands
 */
export function actionScreen(core: typeof Core, folder = ''): Screen {
  blockOutput()
  let fence: string | undefined
  let atLineStart = true
  const print = (text: string | Uint8Array) => process.stdout.write(text)

  const lower = () => {
    if (fence === undefined) return
    print(`${atLineStart ? '' : '\n'}::${fence}::\n`)
    fence = undefined
  }
  const raise = () => {
    fence = nodeCrypto().randomBytes(32).toString('hex')
    atLineStart = true
    print(`::stop-commands::${fence}\n`)
  }
  const unfenced = (speak: () => void) => {
    const fenced = fence !== undefined
    lower()
    speak()
    if (fenced) raise()
  }
  const tellFailure = (result: ImageResult) => {
    if (!result.failure) return
    const { manifest: file, position } = result.image
    core.error(failureText(result), {
      title: failureHeadline(result, result.failure),
      ...annotationOf({ file, position }, folder)
    })
  }

  return {
    open: image => {
      core.startGroup(image.tags[0] ?? image.id)
      raise()
    },
    write: chunk => {
      print(chunk)
      atLineStart = chunk.at(-1) === 0x0a
    },
    close: result => {
      lower()
      core.endGroup()
      core.info(outcomeText(result))
      tellFailure(result)
    },
    leave: result => unfenced(() => core.info(outcomeText(result))),
    warn: warning => unfenced(() => core.warning(warning.message, annotationOf(warning, folder))),
    note: message => unfenced(() => core.info(message))
  }
}
