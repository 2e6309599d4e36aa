import type { Engine, Exec } from '../ports.js'
import { dockerSocket } from './docker-socket.js'
import { commandEngine, pullBy } from './engine-command.js'
import { socketEngine } from './engine-socket.js'

/** The daemon that the docker command would use: by its socket where there is one, else by the command. */
export function openEngine(exec: Exec, env: Readonly<Record<string, string>>): Engine {
  const socket = dockerSocket(env)
  if (!socket) return commandEngine(exec, env)
  return socketEngine(socket, pullBy(exec, env))
}
