import type { Engine, Exec } from '../ports.js'
import { dockerSocket } from './docker-socket.js'
import { socketEngine } from './engine-socket.js'

type Environment = Readonly<Record<string, string>>

const CALLS: Readonly<Record<keyof Engine, true>> = {
  ping: true,
  images: true,
  inspect: true,
  details: true,
  platforms: true,
  triggers: true,
  pull: true,
  version: true,
  canSquash: true,
  storage: true,
  tag: true,
  drop: true,
  removeContainers: true
}

/** The daemon behind the docker command, which few need: what speaks to it is loaded by the first call. */
function lazyCommandEngine(exec: Exec, env: Environment): Engine {
  let loaded: Promise<Engine> | undefined
  const load = async () => (await import('./engine-command.js')).commandEngine(exec, env)
  const call =
    (name: keyof Engine) =>
    async (...args: never[]) => {
      loaded ??= load()
      return ((await loaded)[name] as (...given: never[]) => unknown)(...args)
    }
  const calls = Object.keys(CALLS).map(name => [name, call(name as keyof Engine)])
  return Object.fromEntries(calls) as Engine
}

/** The daemon that the docker command would use: by its socket where there is one, else by the command. */
export function openEngine(exec: Exec, env: Environment): Engine {
  const socket = dockerSocket(env)
  if (!socket) return lazyCommandEngine(exec, env)
  const pull: Engine['pull'] = async (reference, signal) => {
    const { pullBy } = await import('./engine-command.js')
    return pullBy(exec, env)(reference, signal)
  }
  return socketEngine(socket, pull)
}
