import { argumentSecrets } from '../builders/secret-arguments.js'
import type { Secret } from '../builders/secret-values.js'
import type { Template } from '../builders/template.js'
import type { Plan } from '../chain/plan.js'

/** What the variables hold that a template itself marks as sensitive, where that is known. */
export const templateSecrets = ({ sensitiveVariables }: Template): readonly Secret[] =>
  sensitiveVariables.flatMap(({ name, value }) =>
    value.known && value.text !== '' ? [{ name, value: value.text }] : []
  )

/** The secrets in the calls of a plan's builders. */
export const planSecrets = (
  { images }: Plan,
  env: Readonly<Record<string, string>>
): readonly Secret[] => images.flatMap(({ image, command }) => argumentSecrets(image, command, env))
