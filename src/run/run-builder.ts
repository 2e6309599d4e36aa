import type { Produced } from '../builders/builder.js'
import { BUILDERS } from '../builders/index.js'
import type { Exit } from '../ports.js'
import type { Attempt } from './build-image.js'

const DEFAULT_GRACE = 3_000

/** Runs an image's builder to its end, its output in the log and on the screen. */
export async function runBuilder(
  { planned, context, log, left }: Attempt,
  signal: AbortSignal
): Promise<{ exit: Exit; produced: Produced }> {
  const { image, command } = planned
  const builder = BUILDERS[image.builder]
  const idFile = builder.writesIdFile ? await context.openIdFile?.() : undefined
  const invocation = builder.invocation({
    image,
    command,
    site: context.site,
    fresh: planned.fresh,
    idFile: idFile?.path
  })
  left.of = invocation.left
  const show = (chunk: Buffer) => {
    if (chunk.length > 0) log.write(chunk)
  }
  const exit = await context.exec.stream(invocation.command, {
    env: invocation.env,
    signal,
    grace: DEFAULT_GRACE,
    onOutput: chunk => show(invocation.decode(chunk))
  })
  show(invocation.rest())
  const produced = invocation.produced()
  const id = await idFile?.take()
  return { exit, produced: id ? { ...produced, imageIds: [id] } : produced }
}
