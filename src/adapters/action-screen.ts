import { randomBytes } from 'node:crypto'
import type * as Core from '@actions/core'
import type { Warning } from '../manifest/image.js'
import { failureHeadline, failureText } from '../report/failure-text.js'
import { outcomeText } from '../report/outcome-text.js'
import type { ImageResult } from '../run/events.js'
import type { Screen } from './ordered-output.js'

/** Where an annotation stands. */
export function annotationOf({
  file,
  position
}: Omit<Warning, 'message'>): Core.AnnotationProperties {
  return {
    ...(file === undefined ? {} : { file }),
    ...(position ? { startLine: position.line, startColumn: position.column } : {})
  }
}

/**
 * The log of a step: a group for each image, its builder's output fenced so that it cannot speak
 * workflow commands.
 * https://docs.github.com/en/actions/reference/workflow-commands-for-github-actions#stopping-and-starting-workflow-commands
 */
export function actionScreen(core: typeof Core): Screen {
  let fence: string | undefined
  let atLineStart = true
  const print = (text: string) => process.stdout.write(text)

  const lower = () => {
    if (fence === undefined) return
    print(`${atLineStart ? '' : '\n'}::${fence}::\n`)
    fence = undefined
  }
  const raise = () => {
    fence = randomBytes(32).toString('hex')
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
      ...annotationOf({ file, position })
    })
  }

  return {
    open: image => {
      core.startGroup(image.tags[0] ?? image.id)
      raise()
    },
    write: chunk => {
      process.stdout.write(chunk)
      atLineStart = chunk.at(-1) === 0x0a
    },
    close: result => {
      lower()
      core.endGroup()
      core.info(outcomeText(result))
      tellFailure(result)
    },
    leave: result => unfenced(() => core.info(outcomeText(result))),
    warn: warning => unfenced(() => core.warning(warning.message, annotationOf(warning))),
    note: message => unfenced(() => core.info(message))
  }
}
