import type { Failure } from '../run/events.js'
import { oneLine, plainText } from './plain-text.js'

/** What builders put before the words of a program that they run. */
const PREFIX = /^(?:(?:==>| {4}) (?:[\w.-]+: )?|#\d+ (?:\d+\.\d+ )?|\d+\.\d+ )/

/** What builders say after a failure, of the failure itself and not of its cause. */
const EPILOGUE = [
  /^\$ /,
  /^[-=]+$/,
  /^>? ?\[[^\]]*\d\/\d+\] /,
  /executor failed running/,
  /^[^"]*process ".*" did not complete successfully/,
  /^The command '.*' returned a non-zero code/,
  /^Step \d+\/\d+ : /,
  /^-+>/,
  /^Removing intermediate container/,
  /^\d+ \|/,
  /^\S+:\d+$/,
  /^(?:DEPRECATED: The legacy builder|Install the buildx|https:\/\/docs\.docker\.com\/go\/)/,
  /^(?:sha256:|DONE |CANCELED|CACHED|transferring )/,
  /^Build '.*' errored/,
  /^Wait completed after/,
  /^Some builds didn't complete/,
  /^Builds finished but no artifacts/,
  /^Provisioning step had errors/,
  /^Killing the container/,
  /^Cleaning up|^Deleting|^Pausing/,
  /^View build details:/,
  /^\++ /,
  /^(?:npm (?:error|ERR!) )?A complete log of this run/i
]

const TELLING =
  /\b(?:errors?|fatal|fail(?:ed|ure|s)?|cannot|can't|could ?n[o']t|unable|denied|not found|no such|no space|refused|missing|invalid|undefined|unknown|unexpected|unrecognized|timed? ?out|killed|panic|exception|traceback|unauthorized|forbidden|conflict|abort(?:ed)?)\b|^E: /i

const bare = (line: string) => plainText(line).replace(PREFIX, '').trim()

/** Lines near the end in which the cause is looked for. */
const NEAR = 8

/**
 * The line of a builder's output that most likely names the cause of a failure: the last that sounds
 * like an error, else the last that a program said. Undefined where nothing but the builder's own
 * epilogue is there.
 */
export function failureCause({ lastLines }: Pick<Failure, 'lastLines'>): string | undefined {
  const said = lastLines
    .map(line => bare(line.slice(0, 2_000)))
    .filter(line => /\w/.test(line) && !EPILOGUE.some(pattern => pattern.test(line)))
  const cause = said.slice(-NEAR).findLast(line => TELLING.test(line)) ?? said.at(-1)
  return cause && oneLine(cause.replace(/^ERROR: (?=failed to solve)/, ''), 240)
}
