import { startArguments } from '../builders/container-start.js'
import type { TemplateDockerfile } from '../builders/template.js'
import type { Value } from '../builders/template-value.js'
import { ChainError } from '../errors.js'
import type { Exec, Exit } from '../ports.js'
import { keepPrinted } from '../printed.js'
import { shellLine } from '../run/command-line.js'
import type { FoundTemplate } from './find-template.js'

/** By what a container is reached. */
export interface ContainerPorts {
  readonly exec: Exec
  /** The environment of builders. */
  readonly env: Readonly<Record<string, string>>
  readonly signal: AbortSignal
  /** Tells a person what is done, and shows what programs print. */
  readonly say: (line: string) => void
  readonly show: (chunk: Buffer) => void
}

/** A container that runs. */
export interface Container {
  readonly docker: string
  readonly id: string
  readonly name: string
  /** User that the image runs as; empty for root. */
  readonly user: string
  /** The folder that its template is built in. */
  readonly cwd: string
}

/** What a container is started with besides its template. */
export interface LiveStart {
  readonly name: string
  /** `name=value`, by which it is known as ours. */
  readonly label: string
  /** Further options of `docker run`. */
  readonly extra: readonly string[]
}

const CONTAINER_ID = /^[0-9a-f]{64}$/m

const invalid = (message: string, file: string) =>
  new ChainError('TEMPLATE_INVALID', message, {
    where: { file },
    hint: 'Only Packer can tell what is not known; give the variable with -var.'
  })

function settled(value: Value, file: string): string {
  if (value.known) return value.text
  throw invalid(`a setting of the template is not known: ${value.why}`, file)
}

interface Printed extends Exit {
  readonly text: string
}

/** Runs docker to its end, shows what it prints, and gives it. */
async function run(
  docker: string,
  args: readonly string[],
  cwd: string,
  { exec, env, signal, show }: ContainerPorts
): Promise<Printed> {
  const printed = keepPrinted()
  const onOutput = (chunk: Buffer) => {
    printed.onOutput(chunk)
    show(chunk)
  }
  const exit = await exec.stream({ tool: docker, args, cwd }, { env, signal, onOutput })
  return { ...exit, text: printed.text() }
}

function dockerfileArguments(dockerfile: TemplateDockerfile, file: string): readonly string[] {
  const text = (value: Value) => settled(value, file)
  const pairs = dockerfile.arguments.flatMap(([name, value]) => [
    '--build-arg',
    `${text(name)}=${text(value)}`
  ])
  return ['build', '--quiet', ...pairs, '-f', text(dockerfile.path), text(dockerfile.folder)]
}

/** The image that the container is made from: the template's, or that of the Dockerfile which it builds first. */
async function imageOf(
  { builder, file, workingDirectory }: FoundTemplate,
  docker: string,
  ports: ContainerPorts
): Promise<string> {
  if (builder.image) return settled(builder.image, file)
  if (!builder.dockerfile) throw invalid('the template names no image', file)
  const args = dockerfileArguments(builder.dockerfile, file)
  const built = await run(docker, args, workingDirectory, ports)
  const id = /^sha256:[0-9a-f]{64}$/m.exec(built.text)?.[0]
  if (built.status === 0 && id) return id
  throw new ChainError('BUILD_FAILED', 'the Dockerfile of the template could not be built', {
    hint: 'What docker said of it stands above.'
  })
}

const refused = (args: readonly string[], { status, text }: Printed, { name }: LiveStart) =>
  new ChainError('BUILD_FAILED', `docker run ended with exit status ${status}`, {
    hint: /is already in use/.test(text)
      ? `Remove the container ${name}, or give another name in DNAME.`
      : `The call was: ${shellLine({ tool: 'docker', args })}`
  })

/**
 * Starts the container that Packer would start for a build.
 * @throws ChainError TEMPLATE_INVALID where it cannot be known how, BUILD_FAILED where docker refuses
 */
export async function startContainer(
  template: FoundTemplate,
  start: LiveStart,
  ports: ContainerPorts
): Promise<Container> {
  const { builder, file, workingDirectory: cwd } = template
  const docker = builder.dockerPath ? settled(builder.dockerPath, file) : 'docker'
  const args = startArguments(builder, {
    image: await imageOf(template, docker, ports),
    own: ['--name', start.name, '--label', start.label],
    extra: start.extra,
    home: ports.env.HOME
  })
  if (typeof args === 'string') throw invalid(args, file)
  ports.say(`$ ${shellLine({ tool: 'docker', args })}`)
  const printed = await run(docker, args, cwd, ports)
  const id = CONTAINER_ID.exec(printed.text)?.[0]
  if (printed.status !== 0 || id === undefined) throw refused(args, printed, start)
  return look({ docker, id, cwd }, ports)
}

/** Asks the daemon for what is to be known of a container; one that has ended cannot be entered. */
async function look(
  { docker, id, cwd }: Pick<Container, 'docker' | 'id' | 'cwd'>,
  { exec, env }: ContainerPorts
): Promise<Container> {
  const format = '{{.State.Running}} {{.Name}} {{.Config.User}}'
  const asked = await exec.capture(docker, ['inspect', '--format', format, id], { env })
  const [running, name = '', user = ''] = asked.stdout.trim().split(' ')
  if (running === 'true') return { docker, id, cwd, name: name.replace(/^\//, ''), user }
  const logs = await exec.capture(docker, ['logs', '--tail', '20', id], { env })
  throw new ChainError('BUILD_FAILED', 'the container ended as soon as it was started', {
    hint:
      `${logs.stdout}${logs.stderr}`.trim() || 'Its run_command has to start something that stays.'
  })
}
