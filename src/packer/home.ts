import { homedir, tmpdir } from 'node:os'
import { join } from 'node:path'

/**
 * The user's home by the environment, else by the user database; a folder for temporary files where
 * neither has one, as for the user ids of many containers.
 */
export function homeOf(env: Readonly<Record<string, string | undefined>>): string {
  if (env.HOME) return env.HOME
  try {
    return homedir()
  } catch {
    return join(tmpdir(), 'build-chain')
  }
}
