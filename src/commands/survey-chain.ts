import type { Inputs } from '../chain/fingerprint.js'
import { viewOfReferences } from './engine-view.js'
import { type InheritedOf, openTriggers } from './inherit-triggers.js'
import type { LoadedImages } from './load-images.js'
import type { PlanPorts, PlanRequest } from './plan-chain.js'
import type { ChosenChain } from './read-chain.js'
import { readImage } from './read-image.js'
import type { openSurvey } from './survey.js'

/** What a chain is surveyed with. */
export interface SurveyWorld {
  readonly request: PlanRequest
  readonly ports: PlanPorts
  /** Whether a path lies in the project; undefined where every path may be read. */
  readonly mayRead: LoadedImages['mayRead']
}

/** Looks at what the chosen images are made from, all at one moment; undefined for the others. */
export async function surveyAll(
  { chain, chosen }: ChosenChain,
  inheritedOf: InheritedOf,
  { request, ports, mayRead }: SurveyWorld
): Promise<readonly (Inputs | undefined)[]> {
  const inputs: (Inputs | undefined)[] = []
  let survey: ReturnType<typeof openSurvey> | undefined
  for (const [index, read] of chain.reads.entries()) {
    if (!chosen.has(index) || !read.bases) {
      inputs.push(undefined)
      continue
    }
    const inherited = await inheritedOf(chain, chosen, index)
    survey ??= (await import('./survey.js')).openSurvey({ ...ports, mayRead })
    inputs.push(await survey({ ...request, read, inherited }))
  }
  return inputs
}

/** Reads an image's file and all that it takes in once more; undefined where it is gone. */
export async function lookAgain(
  { chain, chosen }: ChosenChain,
  index: number,
  { request, ports, mayRead }: SurveyWorld
): Promise<Inputs | undefined> {
  const before = chain.reads[index]
  if (!before) return undefined
  const { command } = before
  const read = await readImage(before.image, { ...request, command, files: ports.files })
  if (!read.bases) return undefined
  // The list of all that a daemon has takes it longer than all else here.
  const view =
    before.inheritsFrom.length > 0
      ? await viewOfReferences(ports.engine, before.inheritsFrom)
      : undefined
  const triggers = openTriggers({ ...ports, view, records: ports.memory.records() })
  const inherited = await triggers(chain, chosen, index)
  const { openSurvey } = await import('./survey.js')
  return openSurvey({ ...ports, mayRead })({
    ...request,
    read: read.inherit(inherited.byReference),
    inherited
  })
}
