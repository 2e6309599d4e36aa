import { readFile } from 'node:fs/promises'
import { packerFixes } from '../builders/packer-fix.js'
import { formatProblem } from '../errors.js'
import type { FailedTemplate } from '../ports.js'
import { askingEnvironment } from './path-packer.js'
import type { AskedPacker } from './plugin-question.js'

/** Milliseconds. */
const TIMEOUT = 60_000

/**
 * How Packer refuses a setting that it once had: the first is its own, the others come from plugins,
 * which tell what is misspelt in the same words. Lines are folded at 80 columns.
 */
const REFUSED = /packer fix|deprecated configuration key|unknown configuration key|unknown builder/i

/**
 * The settings that a Packer no longer takes, each with the line that `packer fix` would write for
 * it; none where Packer failed for another reason, or the template is not one that it can mend.
 */
export async function findFixes(
  { file, name, lastLines }: FailedTemplate,
  packer: AskedPacker
): Promise<readonly string[]> {
  if (!/(?<!\.pkr)\.json$/.test(file) || !REFUSED.test(lastLines.join(' '))) return []
  try {
    const text = await readFile(file, 'utf8')
    const options = { env: askingEnvironment(packer.env), timeout: TIMEOUT }
    const args = ['fix', '-validate=false', file]
    const output = await packer.exec.capture(packer.path, args, options)
    if (output.status !== 0) return []
    return packerFixes({ path: name, text, fixed: output.stdout }).map(formatProblem)
  } catch {
    // It is advice on a failure that is told already.
    return []
  }
}
