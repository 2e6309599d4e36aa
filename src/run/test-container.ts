import { startArguments } from '../builders/container-start.js'
import type { TemplateBuilder } from '../builders/template.js'
import type { Image } from '../manifest/image.js'
import type { Command, Exec } from '../ports.js'

/** A test, and the container that it runs in. */
export interface TestCalls {
  /** Starts the container beforehand; undefined where the test's own call does. */
  readonly start: Command | undefined
  /** Runs the test in a container, by its id where one was started. */
  readonly test: (container: string) => Command
}

interface TestRequest {
  readonly image: Image
  readonly imageId: string
  /** Labels of the container, `name=value`. */
  readonly labels: readonly string[]
  /** The template's build, where one made the image. */
  readonly builder: TemplateBuilder | undefined
}

interface ImageConfig {
  readonly entrypoint: readonly string[]
  readonly user: string
}

type Ports = { readonly exec: Exec; readonly env: Readonly<Record<string, string>> }

const wordsOf = (test: NonNullable<Image['test']>): readonly string[] =>
  typeof test === 'string' ? ['/bin/sh', '-c', test] : test

/** What an image starts, and as whom; undefined where the daemon has it not. */
async function configOf(reference: string, { exec, env }: Ports): Promise<ImageConfig | undefined> {
  const args = ['image', 'inspect', '--format', '{{json .Config}}', reference]
  const { status, stdout } = await exec.capture('docker', args, { env })
  if (status !== 0) return undefined
  const config = JSON.parse(stdout) as { Entrypoint?: string[] | null; User?: string } | null
  return { entrypoint: config?.Entrypoint ?? [], user: config?.User ?? '' }
}

/** The image's own entrypoint is left out, since the test is the command. */
function ofDockerfile({ image, imageId, labels }: TestRequest): TestCalls {
  const options = ['run', '--rm', ...labels.flatMap(label => ['--label', label])]
  const words = wordsOf(image.test ?? '')
  const test = { tool: 'docker', args: [...options, '--entrypoint', '', imageId, ...words] }
  return { start: undefined, test: () => ({ ...test, cwd: image.workingDirectory }) }
}

/**
 * The container is started on the new image with the entrypoint and the user of its base, as its builder
 * started it: with those of the image its init would get other arguments, or no rights.
 */
async function ofTemplate(
  builder: TemplateBuilder,
  { image, imageId, labels }: TestRequest,
  ports: Ports
): Promise<TestCalls | string> {
  const base = builder.image?.known ? await configOf(builder.image.text, ports) : undefined
  const made = await configOf(imageId, ports)
  const asBase = base && made && base.user !== made.user ? ['--user', base.user || 'root'] : []
  const asMade = asBase.length > 0 ? ['--user', made?.user || 'root'] : []
  const args = startArguments(builder, {
    image: imageId,
    own: [...labels.flatMap(label => ['--label', label]), ...asBase],
    home: ports.env.HOME,
    entrypoint: base?.entrypoint
  })
  if (typeof args === 'string') return args
  const tool = builder.dockerPath?.known ? builder.dockerPath.text : 'docker'
  const cwd = image.workingDirectory
  const words = wordsOf(image.test ?? '')
  return {
    start: { tool, args, cwd },
    test: container => ({ tool, args: ['exec', ...asMade, container, ...words], cwd })
  }
}

/** The calls that test an image; in words what is not known where they cannot be told. */
export async function testCalls(request: TestRequest, ports: Ports): Promise<TestCalls | string> {
  const { builder } = request
  return builder ? ofTemplate(builder, request, ports) : ofDockerfile(request)
}
