import type { Engine, Exec } from '../ports.js'
import { dockerSocket } from './docker-socket.js'

/** The daemon that the docker command would use: by its socket where there is one, else by the command. */
export async function openEngine(
  exec: Exec,
  env: Readonly<Record<string, string>>
): Promise<Engine> {
  const socket = dockerSocket(env)
  const { commandEngine, pullBy } = await import('./engine-command.js')
  if (!socket) return commandEngine(exec, env)
  const { socketEngine } = await import('./engine-socket.js')
  return socketEngine(socket, pullBy(exec, env))
}
