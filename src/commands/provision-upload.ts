import { posix, resolve } from 'node:path'
import {
  type BuildNames,
  environmentFile,
  environmentText,
  type ShellSource,
  type ShellUpload,
  settled,
  shellUploads
} from '../builders/shell-step.js'
import type { FileStep, ShellStep, TemplateStep } from '../builders/template-steps.js'
import { ChainError } from '../errors.js'
import type { Files } from '../ports.js'
import type { Container, ContainerPorts } from './live-container.js'

/** By what provisioners are run. */
export interface ProvisionPorts extends ContainerPorts {
  readonly files: Files
  /** Writes a text to a file of the run's own; gives its absolute path. */
  readonly scratch: (text: string) => Promise<string>
}

/** The provisioners of a build, for a container. */
export interface Provisioning {
  readonly container: Container
  readonly steps: readonly TemplateStep[]
  readonly names: BuildNames
  /** `-u` of the commands, where the template sets one. */
  readonly execUser: string | undefined
  readonly fixUploadOwner: boolean
}

/** What a provisioner is called by a person. */
export function stepLabel(step: TemplateStep): string {
  const name = step.name?.known ? step.name.text : undefined
  const [script] = step.kind === 'shell' ? step.scripts : []
  const what = name ?? (script?.known ? script.text : step.type)
  return `${step.number} (${what})`
}

const uploadFailed = (step: TemplateStep, what: string, said: string) =>
  new ChainError('BUILD_FAILED', `provisioner ${stepLabel(step)}: ${what}`, {
    where: step.place,
    hint: said.trim() || 'Its source has to be there, and the folder that it goes to.'
  })

/** Copies into a container as Packer does, and gives what was copied to the container's user. */
async function copy(
  from: string,
  to: string,
  { container, fixUploadOwner }: Provisioning,
  { exec, env }: ProvisionPorts
): Promise<string | undefined> {
  const { docker, id, cwd, user } = container
  const copied = await exec.capture(docker, ['cp', '-L', from, `${id}:${to}`], { env, cwd })
  if (copied.status !== 0) return copied.stderr
  if (!fixUploadOwner) return undefined
  const own = `chown -R ${user || 'root'} ${to}`
  const owned = await exec.capture(docker, ['exec', '--user', 'root', id, '/bin/sh', '-c', own], {
    env
  })
  return owned.status === 0 ? undefined : owned.stderr
}

/** The file to copy for a script: CRLF becomes LF, as Packer has it, unless the script is binary. */
async function scriptFile(
  source: ShellSource,
  { binary }: ShellStep,
  cwd: string,
  { files, scratch }: ProvisionPorts
): Promise<string> {
  if (source.path === undefined) return scratch(source.text)
  const path = resolve(cwd, source.path)
  const bytes = Buffer.from(await files.read(path))
  return binary || !bytes.includes('\r\n')
    ? path
    : scratch(bytes.toString().replaceAll('\r\n', '\n'))
}

/** Words of a call of docker that runs a command in a container. */
export const execWords = (
  { container, execUser }: Provisioning,
  command: string
): readonly string[] => [
  'exec',
  '-i',
  ...(execUser === undefined ? [] : ['-u', execUser]),
  container.id,
  '/bin/sh',
  '-c',
  command
]

/** Runs a command in a container, its output shown; gives its exit status. */
export async function inContainer(
  at: Provisioning,
  command: string,
  ports: ProvisionPorts
): Promise<number> {
  const { docker, cwd } = at.container
  const { status } = await ports.exec.stream(
    { tool: docker, args: execWords(at, command), cwd },
    { env: ports.env, signal: ports.signal, onOutput: ports.show }
  )
  return status
}

async function uploadText(
  file: { readonly from: string; readonly to: string; readonly mode: string },
  step: ShellStep,
  at: Provisioning,
  ports: ProvisionPorts
): Promise<void> {
  const said = await copy(file.from, file.to, at, ports)
  if (said !== undefined) throw uploadFailed(step, `could not upload ${file.to}`, said)
  await inContainer(at, `(chmod ${file.mode} ${file.to})`, ports)
}

/** Uploads one script of a shell provisioner, and the file of its variables where it has one. */
export async function uploadScript(
  step: ShellStep,
  { source, remotePath }: ShellUpload,
  at: Provisioning,
  ports: ProvisionPorts
): Promise<void> {
  const variables = environmentFile(step)
  if (variables !== undefined) {
    const from = await ports.scratch(environmentText(step, at.names))
    await uploadText({ from, to: variables, mode: '0600' }, step, at, ports)
  }
  const from = await scriptFile(source, step, at.container.cwd, ports)
  await uploadText({ from, to: remotePath, mode: '0755' }, step, at, ports)
}

/** Destination of a file as Packer has it: in a folder where it ends in a slash. */
function destinationOf(source: string, destination: string, isFolder: boolean): string {
  return !isFolder && destination.endsWith('/') ? destination + posix.basename(source) : destination
}

/** Uploads what a file provisioner names. */
export async function uploadFiles(
  step: FileStep,
  at: Provisioning,
  ports: ProvisionPorts
): Promise<void> {
  const destination = step.destination ? settled(step.destination, step) : ''
  for (const value of step.sources) {
    const source = settled(value, step)
    const path = resolve(at.container.cwd, source)
    const isFolder = ports.files.isFolder(path)
    const to = destinationOf(source, destination, isFolder)
    ports.say(`uploading ${source} to ${to}`)
    const said = await copy(isFolder && source.endsWith('/') ? `${path}/.` : path, to, at, ports)
    if (said !== undefined) throw uploadFailed(step, `could not upload ${source} to ${to}`, said)
  }
}

/** Uploads what a provisioner needs, and runs nothing. */
async function upload(step: TemplateStep, at: Provisioning, ports: ProvisionPorts): Promise<void> {
  if (step.kind === 'file' && step.isUpload) await uploadFiles(step, at, ports)
  if (step.kind !== 'shell') return
  for (const script of shellUploads(step)) {
    ports.say(
      `uploading ${script.source.path ?? 'the lines of the template'} to ${script.remotePath}`
    )
    await uploadScript(step, script, at, ports)
  }
}

/**
 * Uploads what provisioners need. One of them may need what those before it make, which have not run: a
 * warning says so.
 */
export async function uploadSteps(
  steps: readonly TemplateStep[],
  at: Provisioning,
  ports: ProvisionPorts
): Promise<void> {
  for (const step of steps) {
    if (ports.signal.aborted) return
    await upload(step, at, ports).catch((error: unknown) => {
      if (!(error instanceof ChainError)) throw error
      ports.say(`not uploaded: ${error.message}${error.hint ? `: ${error.hint}` : ''}`)
    })
  }
}
