import { ChainError, formatError } from '../errors.js'
import type { Engine, Terminal } from '../ports.js'
import { shellLine } from '../run/command-line.js'
import type { FoundTemplate } from './find-template.js'
import { type Container, type LiveStart, startContainer } from './live-container.js'
import { provisionCalls, runSteps, stepsUpTo } from './provision.js'
import {
  type Provisioning,
  type ProvisionPorts,
  stepLabel,
  uploadSteps
} from './provision-upload.js'

/** How a template is tried. */
export interface LiveRequest extends LiveStart {
  /** `true` runs every provisioner, a word those up to the one that it names. */
  readonly provision: boolean | string
  /** Words of a command that is run in place of a shell. */
  readonly command: readonly string[]
  /** The container stays when the shell ends. */
  readonly keep: boolean
  /** The container stays, and no shell is opened. */
  readonly detach: boolean
}

/** By what a template is tried. */
export interface LivePorts extends ProvisionPorts {
  readonly engine: Engine
  readonly terminal: Terminal
  /** Remembers the container as ours, for `clean`. */
  readonly remember: (container: Container) => void
  readonly forget: (container: Container) => void
  /** Prints a result. */
  readonly print: (line: string) => void
}

const BEST_SHELL = 'if command -v bash >/dev/null 2>&1; then echo bash; else echo /bin/sh; fi'

async function shellOf({ docker, id }: Container, { exec, env }: LivePorts): Promise<string> {
  const asked = await exec.capture(docker, ['exec', id, '/bin/sh', '-c', BEST_SHELL], { env })
  return asked.stdout.trim() || '/bin/sh'
}

const userWords = ({ execUser }: Provisioning) => (execUser === undefined ? [] : ['-u', execUser])

/** The call that enters a container. */
const enterLine = (at: Provisioning, shell: string) =>
  shellLine({
    tool: at.container.docker,
    args: ['exec', '-it', ...userWords(at), at.container.name, shell]
  })

/** What a person needs to know of a container that stays. */
function printKept(at: Provisioning, shell: string, { print }: LivePorts): void {
  const { docker, name } = at.container
  print(`name: ${name}`)
  print(`enter: ${enterLine(at, shell)}`)
  for (const step of at.steps) {
    for (const [tool = docker, ...args] of provisionCalls(step, at)) {
      print(`provision ${stepLabel(step)}: ${shellLine({ tool, args })}`)
    }
  }
  print(`remove: ${docker} rm --force --volumes ${name}`)
}

/** Runs or uploads the provisioners; gives what went wrong, since a shell is then all the more of use. */
async function provision(
  at: Provisioning,
  request: LiveRequest,
  ports: LivePorts
): Promise<ChainError | undefined> {
  const count =
    typeof request.provision === 'string'
      ? stepsUpTo(request.provision, at.steps)
      : request.provision
        ? at.steps.length
        : 0
  try {
    await runSteps(at.steps.slice(0, count), at, ports)
  } catch (error) {
    if (error instanceof ChainError && error.code === 'BUILD_FAILED') return error
    throw error
  }
  await uploadSteps(at.steps.slice(count), at, ports)
  return undefined
}

/** Opens a shell, or runs the command; gives its exit status. */
async function enter(
  at: Provisioning,
  request: LiveRequest,
  { shell, ports }: { readonly shell: string; readonly ports: LivePorts }
): Promise<number> {
  const { container } = at
  const terminal = ports.terminal.isTerminal ? '-it' : '-i'
  const words = request.command.length > 0 ? request.command : [shell]
  const { status } = await ports.terminal.run(
    {
      tool: container.docker,
      args: ['exec', terminal, ...userWords(at), container.id, ...words],
      cwd: container.cwd
    },
    { env: ports.env }
  )
  return status
}

const provisioningOf = (
  { builder, buildName }: FoundTemplate,
  container: Container
): Provisioning => ({
  container,
  steps: builder.steps,
  names: { buildName, builderType: builder.type },
  execUser: builder.execUser?.known ? builder.execUser.text : undefined,
  fixUploadOwner: builder.fixUploadOwner
})

async function inside(at: Provisioning, request: LiveRequest, ports: LivePorts): Promise<number> {
  const failure = await provision(at, request, ports)
  if (ports.signal.aborted) return 0
  const shell = await shellOf(at.container, ports)
  if (request.detach) printKept(at, shell, ports)
  if (failure && (request.detach || request.command.length > 0)) throw failure
  if (failure) ports.say(`${formatError(failure)}\nThe shell is in the container as it was left.`)
  if (request.detach) return 0
  const status = await enter(at, request, { shell, ports })
  if (request.keep && !ports.signal.aborted) printKept(at, shell, ports)
  return status
}

/** Ends what runs in the container as soon as the run is interrupted: the terminal is then left in order. */
function removeOnAbort(label: string, { engine, signal }: LivePorts) {
  let removal: Promise<unknown> = Promise.resolve()
  const remove = () => {
    removal = engine.removeContainers(label).catch(() => {})
  }
  signal.addEventListener('abort', remove, { once: true })
  return {
    settle: async () => {
      signal.removeEventListener('abort', remove)
      await removal
    }
  }
}

/**
 * Starts the container that Packer would start, and opens a shell in it; the container goes when the
 * shell ends, and whenever the run is interrupted.
 * @returns the exit status of the shell or the command
 * @throws ChainError INTERRUPTED after a signal
 */
export async function live(
  template: FoundTemplate,
  request: LiveRequest,
  ports: LivePorts
): Promise<number> {
  const { provision, label } = request
  if (typeof provision === 'string') stepsUpTo(provision, template.builder.steps)
  const removal = removeOnAbort(label, ports)
  let container: Container | undefined
  let status = 0
  try {
    container = await startContainer(template, request, ports)
    ports.remember(container)
    status = await inside(provisioningOf(template, container), request, ports)
  } catch (error) {
    // What an interruption makes fail is not what went wrong.
    if (!ports.signal.aborted) throw error
  } finally {
    await removal.settle()
    await tidyUp(container, request, ports)
  }
  if (ports.signal.aborted) throw interrupted()
  return status
}

async function tidyUp(
  container: Container | undefined,
  { keep, detach, label }: LiveRequest,
  { engine, signal, forget }: LivePorts
): Promise<void> {
  if (container && (keep || detach) && !signal.aborted) return
  await engine.removeContainers(label)
  if (container) forget(container)
}

const interrupted = () =>
  new ChainError('INTERRUPTED', 'interrupted', { hint: 'The container was removed.' })
