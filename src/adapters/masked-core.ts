import type { AnnotationProperties } from '@actions/core'
import type { MaskText } from '../report/masked-copy.js'
import type { Step } from './step.js'

const maskedTitle = (
  properties: AnnotationProperties | undefined,
  mask: MaskText
): AnnotationProperties =>
  properties?.title === undefined
    ? (properties ?? {})
    : { ...properties, title: mask(properties.title) }

const textOf = (message: string | Error) =>
  typeof message === 'string' ? message : String(message)

/** What a step tells the runner, with its annotations and lines masked; outputs stay to the letter. */
export const maskedCore = (core: Step, mask: MaskText): Step => ({
  ...core,
  error: (message, properties) => core.error(mask(textOf(message)), maskedTitle(properties, mask)),
  warning: (message, properties) =>
    core.warning(mask(textOf(message)), maskedTitle(properties, mask)),
  notice: (message, properties) =>
    core.notice(mask(textOf(message)), maskedTitle(properties, mask)),
  info: message => core.info(mask(message)),
  startGroup: name => core.startGroup(mask(name))
})
