import { output, timed } from './run.js'

/** Runs docker and gives what it printed. */
export const docker = (...args: readonly string[]): Promise<string> =>
  output({ program: 'docker', args })

/** Whether a Docker daemon answers. */
export const daemonAnswers = (): Promise<boolean> =>
  docker('version', '--format', '{{.Server.Version}}').then(
    () => true,
    () => false
  )

/** The absolute path of the docker on PATH. */
export const dockerPath = async (): Promise<string> =>
  (await output({ program: 'sh', args: ['-c', 'command -v docker'] })).trim()

const tidyDocker = (...args: readonly string[]) => output({ program: 'docker', args, tidies: true })

/** Removes the images with a mark in their names, and nothing else; also after an interruption. */
export async function removeImages(mark: string): Promise<void> {
  const format = '{{.Repository}}:{{.Tag}}'
  const all = await tidyDocker('image', 'ls', '--format', format).catch(() => '')
  const tags = all.split('\n').filter(tag => tag.includes(mark) && !tag.endsWith(':<none>'))
  if (tags.length > 0) await tidyDocker('image', 'rm', '--force', ...tags).catch(() => '')
}

/** Clients that may be there: one without buildx cannot do BuildKit, and Debian's can. */
const CLIENTS = ['docker', '/usr/bin/docker']

/** A client of Docker whose `build` is BuildKit's; undefined where none is there. */
export async function buildKitClient(folder: string): Promise<string | undefined> {
  for (const program of CLIENTS) {
    const args = ['build', '-q', '-f', '-', folder]
    const line = 'printf "FROM scratch\\nLABEL probe=1\\n" | "$0" "$@"'
    const call = { program: 'sh', args: ['-c', line, program, ...args] }
    const works = await timed({ ...call, env: { DOCKER_BUILDKIT: '1' } }).then(
      () => true,
      () => false
    )
    if (works) return program
  }
}
