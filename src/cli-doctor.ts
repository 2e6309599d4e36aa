import { textMask } from './adapters/secret-sources.js'
import { writeOut } from './adapters/standard-streams.js'
import { outPaint } from './adapters/terminal-paint.js'
import { diagnose } from './commands/doctor.js'
import { gatherFacts } from './doctor-machine.js'
import { ChainError } from './errors.js'
import { type Options, refuseFormat } from './options.js'
import { doctorJson, doctorText } from './report/doctor-text.js'

/**
 * `doctor` on the command line.
 * @throws ChainError TOOL_MISSING where something that is needed is missing
 */
export async function examine(options: Options): Promise<void> {
  refuseFormat('doctor', options.format)
  const { value } = await textMask()
  const findings = value(diagnose(await gatherFacts(options)))
  const shown = options.quiet ? findings.filter(({ status }) => status !== 'ok') : findings
  writeOut(
    options.format === 'json'
      ? `${JSON.stringify(doctorJson(shown), null, 2)}\n`
      : doctorText(shown, outPaint())
  )
  const missing = findings.filter(({ status }) => status === 'missing')
  if (missing.length === 0) return
  throw new ChainError('TOOL_MISSING', `missing: ${missing.map(({ check }) => check).join(', ')}`, {
    hint: 'What is printed of each tells how to get it.'
  })
}
