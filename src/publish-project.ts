import { exec } from './adapters/exec.js'
import type { Plan } from './chain/plan.js'
import type { Published } from './commands/publish-chain.js'
import type { Project } from './plan-project.js'
import type { ImageResult } from './run/events.js'
import type { PublishContext } from './run/publish.js'
import type { RunOptions } from './run/run-plan.js'

interface Ended {
  readonly plan: Plan
  readonly results: readonly ImageResult[]
}

type HowToPublish = Omit<PublishContext, 'registry' | 'engine'> & RunOptions

/** Pushes what a build has left on this machine's daemon, with the login of the docker command. */
export async function publishProject(
  { plan, results }: Ended,
  { engine, env }: Project,
  how: HowToPublish
): Promise<Published> {
  const { publishChain } = await import('./commands/publish-chain.js')
  const { commandRegistry } = await import('./adapters/registry-command.js')
  return publishChain(plan, results, { ...how, engine, registry: commandRegistry(exec, env) })
}
