import { askingEnvironment } from './path-packer.js'
import { openAnswers } from './plugin-answers.js'
import { parseConstraint } from './plugin-constraint.js'
import { type Demand, isSameSource, type PackerView } from './plugin-decision.js'
import { type PluginFile, parseInstalled } from './plugin-file.js'
import type { AskedPacker } from './plugin-question.js'

/** Milliseconds: Packer starts every plugin to list it. */
const ASKING_TIMEOUT = 120_000

async function listInstalled(packer: AskedPacker): Promise<readonly PluginFile[] | undefined> {
  const options = { env: askingEnvironment(packer.env), timeout: ASKING_TIMEOUT }
  const output = await packer.exec.capture(packer.path, ['plugins', 'installed'], options)
  return output.status === 0 ? parseInstalled(output.stdout) : undefined
}

/** @param answersFolder is where its answers are kept; see openAnswers. */
export async function viewOf(packer: AskedPacker, answersFolder: string): Promise<PackerView> {
  let listed: ReturnType<typeof listInstalled> | undefined
  const installed = (): ReturnType<typeof listInstalled> => {
    listed ??= listInstalled(packer)
    return listed
  }
  return { answers: await openAnswers(packer, answersFolder), installed }
}

/** The user's own plugins, which stay in sight, less those that a listed version rules out. */
export function keptPlugins(
  installed: readonly PluginFile[],
  demands: readonly Demand[]
): readonly PluginFile[] {
  const ruledOut = (file: PluginFile): boolean =>
    demands.some(
      ({ pinned, source, constraint }) =>
        pinned && isSameSource(source, file.source) && !parseConstraint(constraint)(file.version)
    )
  return installed.filter(file => !ruledOut(file))
}
