import { join } from 'node:path'
import { ROOT } from './bench.js'
import type { Call } from './run.js'
import { PLAIN } from './settings.js'

/** How the program is called. */
export interface OurCall {
  readonly project: string
  /** Where it remembers what it did. */
  readonly state: string
  readonly args: readonly string[]
  readonly env?: Readonly<Record<string, string>> | undefined
  readonly node?: string | undefined
}

/**
 * A call of the command line as it is in dist. The builder is the classic one unless `env` says
 * otherwise: which one is used is part of what an image is known by.
 */
export const ourCall = ({ project, state, args, env, node }: OurCall): Call => ({
  program: node ?? process.execPath,
  args: [join(ROOT, 'dist/cli.js'), ...args],
  cwd: project,
  env: { DOCKER_BUILDKIT: '0', XDG_STATE_HOME: state, XDG_CACHE_HOME: join(state, 'cache'), ...env }
})

/** A Node that does nothing: the floor under every program that runs on it. */
export const emptyNode = (node = process.execPath, { env } = PLAIN): Call => ({
  program: node,
  args: ['-e', '0'],
  env
})
