import { basename } from 'node:path'
import { isGoodStatus, milliseconds, shellCommand, shellUploads } from '../builders/shell-step.js'
import type { ShellStep, TemplateStep } from '../builders/template-steps.js'
import { ChainError } from '../errors.js'
import { pause } from '../run/pause.js'
import {
  execWords,
  inContainer,
  type Provisioning,
  type ProvisionPorts,
  stepLabel,
  uploadFiles,
  uploadScript
} from './provision-upload.js'

const callsOf = (step: TemplateStep): readonly string[] => {
  const name = step.name?.known ? [step.name.text] : []
  const scripts = step.kind === 'shell' ? step.scripts : []
  const paths = scripts.flatMap(path => (path.known ? [path.text, basename(path.text)] : []))
  return [String(step.number), ...name, ...paths]
}

/**
 * How many of the provisioners are run, for the one that a word names: a number from 1, a name, or a script.
 * @throws ChainError OPTIONS_INVALID that lists them
 */
export function stepsUpTo(word: string, steps: readonly TemplateStep[]): number {
  const at = steps.findLastIndex(step => callsOf(step).includes(word))
  if (at >= 0) return at + 1
  throw new ChainError('OPTIONS_INVALID', `provision: ${word} is none of the provisioners`, {
    hint: `The template has: ${steps.map(stepLabel).join(', ') || 'none'}.`
  })
}

async function runShell(step: ShellStep, at: Provisioning, ports: ProvisionPorts): Promise<void> {
  for (const script of shellUploads(step)) {
    const { remotePath, source } = script
    ports.say(`provisioner ${step.number}: ${source.path ?? 'the lines of the template'}`)
    await uploadScript(step, script, at, ports)
    const status = await inContainer(at, shellCommand(step, remotePath, at.names), ports)
    if (ports.signal.aborted) return
    if (!isGoodStatus(step, status)) {
      const message = `provisioner ${stepLabel(step)} ended with exit status ${status}`
      throw new ChainError('BUILD_FAILED', message, {
        where: step.place,
        hint: `What it said stands above; its script is in the container, at ${remotePath}.`
      })
    }
    if (!step.skipClean) await inContainer(at, `(rm -f ${remotePath})`, ports)
  }
}

/**
 * Runs provisioners as Packer does; one that only Packer can run is left out, and named.
 * @throws ChainError BUILD_FAILED at the first that fails, its script left in the container
 */
export async function runSteps(
  steps: readonly TemplateStep[],
  at: Provisioning,
  ports: ProvisionPorts
): Promise<void> {
  for (const step of steps) {
    if (ports.signal.aborted) return
    const wait = step.pauseBefore?.known ? milliseconds(step.pauseBefore.text) : 0
    if (wait > 0) await pause(wait, ports.signal)
    if (step.kind === 'shell') await runShell(step, at, ports)
    else if (step.kind === 'file' && step.isUpload) await uploadFiles(step, at, ports)
    else ports.say(`left out: provisioner ${stepLabel(step)}, which only Packer can run`)
  }
}

/** The calls with which a person runs the uploaded scripts of a provisioner. */
export function provisionCalls(step: TemplateStep, at: Provisioning): readonly string[][] {
  if (step.kind !== 'shell') return []
  const { container, names } = at
  return shellUploads(step).map(({ remotePath }) => [
    container.docker,
    ...execWords(
      { ...at, container: { ...container, id: container.name } },
      shellCommand(step, remotePath, names)
    )
  ])
}
