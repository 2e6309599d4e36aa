import { isAbsolute, join, relative, resolve } from 'node:path'
import type { AnnotationProperties } from '@actions/core'
import type { Warning } from '../manifest/image.js'
import { failureHeadline, failureText } from '../report/failure-text.js'
import type { MaskText } from '../report/masked-copy.js'
import { outcomeText } from '../report/outcome-text.js'
import { pushFailureText, pushHeadline, pushText, pushTitle } from '../report/push-text.js'
import type { ImageResult, PushResult } from '../run/events.js'
import type { Screen } from './ordered-output.js'
import { type OutputFence, outputFence } from './output-fence.js'
import { randomWord } from './random.js'
import { writeOut } from './standard-streams.js'
import type { StepLog } from './step.js'

/**
 * Where an annotation stands.
 * @param folder the project's root, relative to the workspace that annotations count from
 */
export function annotationOf(
  { file, position }: Omit<Warning, 'message'>,
  folder = ''
): AnnotationProperties {
  return {
    ...(file === undefined ? {} : { file: isAbsolute(file) ? file : join(folder, file) }),
    ...(position ? { startLine: position.line, startColumn: position.column } : {})
  }
}

/** A path as annotations have it: relative to the workspace, where it is in there. */
function inWorkspace(path: string): string {
  const inside = relative(resolve(process.env.GITHUB_WORKSPACE ?? '.'), path)
  return inside.startsWith('..') || isAbsolute(inside) ? path : inside
}

/** The fence of this step's log. */
export const logFence = (): OutputFence =>
  outputFence({
    print: writeOut,
    token: () => randomWord(32)
  })

/**
 * The log of a step: a group for each image, and all that others said behind a fence.
 * @param core masks what it is told
 * @param mask takes secrets out of the lines between
 */
export function actionScreen(core: StepLog, folder = '', mask: MaskText = text => text): Screen {
  const fence = logFence()
  const tell = (text: string) => fence.line(mask(text))
  const annotate = ({ image, failure }: ImageResult | PushResult, title: string, text: string) => {
    const { manifest: file, position } = image
    const where = failure?.where
    const place = where ? { ...where, file: inWorkspace(where.file) } : { file, position }
    core.error(text, { title, ...annotationOf(place, where ? '' : folder) })
  }
  const startGroup = (title: string) => {
    core.startGroup(title)
    fence.raise()
  }
  const endGroup = (outcome: string) => {
    fence.lower()
    core.endGroup()
    tell(outcome)
  }

  return {
    open: image => startGroup(image.tags[0] ?? image.id),
    write: chunk => fence.write(chunk),
    close: result => {
      endGroup(outcomeText(result))
      const { failure } = result
      if (failure) annotate(result, failureHeadline(result, failure), failureText(result))
    },
    leave: result => tell(outcomeText(result)),
    warn: warning =>
      fence.unfenced(() => core.warning(warning.message, annotationOf(warning, folder))),
    note: message => tell(message),
    openPush: image => startGroup(pushTitle(image.tags[0] ?? image.id)),
    closePush: push => {
      endGroup(pushText(push))
      if (push.failure) annotate(push, pushHeadline(push), pushFailureText(push))
    },
    leavePush: push => tell(pushText(push))
  }
}
