import type { Member } from './family.js'
import type { Call } from './run.js'

/** A shell that calls `docker build` for one image after another. */
export function dockerLoop(
  client: string,
  members: readonly Member[],
  buildKit: '0' | '1' = '0'
): Call {
  const line =
    'client=$0; while [ $# -gt 0 ]; do "$client" build -t "$1" "$2" || exit 1; shift 2; done'
  const words = members.flatMap(({ tag, folder }) => [tag, folder])
  return {
    program: 'sh',
    args: ['-c', line, client, ...words],
    env: { DOCKER_BUILDKIT: buildKit, BUILDKIT_PROGRESS: 'plain' }
  }
}
