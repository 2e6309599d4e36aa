import { spawnSync } from 'node:child_process'

/** The name of no image: `.invalid` is nobody's, https://www.rfc-editor.org/rfc/rfc2606#section-2 */
const NO_IMAGE = 'build-chain.invalid/none'

const MISSING = /source path does not exist/

/**
 * Whether the daemon has something at a path, wherever it runs: it looks at what is to be mounted
 * before it looks for the image, so no container comes of it. True where it does not say.
 * @param docker absolute path of the docker command
 */
export function daemonSees(docker: string, path: string): boolean {
  const source = `"source=${path.replaceAll('"', '""')}"`
  const mount = `type=bind,${source},target=/seen`
  const args = ['create', '--pull', 'never', '--mount', mount, NO_IMAGE]
  const { stderr } = spawnSync(docker, args, { encoding: 'utf8', timeout: 30_000 })
  return !MISSING.test(stderr ?? '')
}
