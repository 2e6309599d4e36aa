import type { Secret } from '../builders/secret-values.js'
import type { EngineView } from '../chain/decide.js'
import type { FileRow, Inputs } from '../chain/fingerprint.js'
import { ownWords } from '../chain/image-words.js'
import type { Plan } from '../chain/plan.js'
import type { ImageRecord } from '../chain/record.js'
import { selectImages } from '../chain/select.js'
import type { Engine, Files, Trees } from '../ports.js'
import { planSecrets } from './chain-secrets.js'
import { type Decided, decideChain } from './decide-chain.js'
import type { LoadedImages } from './load-images.js'
import { lookAtBases } from './look-at-bases.js'
import { planImage, reorderNotes } from './plan-image.js'
import {
  basesLeft,
  type Chain,
  type ChosenChain,
  orderImages,
  ownReferences,
  readImages
} from './read-chain.js'
import { lookAgain, type SurveyWorld, surveyAll } from './survey-chain.js'
import { openTestIdentity, type TestIdentity } from './test-identity.js'

/** What planning needs from the options and the machine. */
export interface PlanRequest {
  readonly images: readonly string[]
  readonly skipImages: readonly string[]
  readonly builderArguments: readonly string[]
  readonly squash: boolean
  /** The environment of builders. */
  readonly env: Readonly<Record<string, string>>
  /** Such as `linux/amd64`: what the daemon builds for where nothing else is asked. */
  readonly platform: string
  /** An unchanged image is taken from the daemon. */
  readonly reuse: boolean
  /** Seconds; undefined: an image is never too old. */
  readonly maxAge: number | undefined
  /** Seconds since the epoch. */
  readonly now: number
}

/** What planning looks at. */
export interface PlanPorts {
  readonly files: Files
  readonly trees: Trees
  readonly engine: Engine
  /** What is remembered of earlier builds. */
  readonly memory: Memory
}

/** What is remembered of earlier builds, by image. */
export interface Memory {
  records(): ReadonlyMap<string, ImageRecord>
  /** The files of an earlier build by the digest of their set. */
  files(digest: string): readonly FileRow[] | undefined
}

/** A plan, and what building it needs to know besides. */
export interface PlannedChain {
  readonly plan: Plan
  /** References that an image stands on and that the run does not make, normalised. */
  readonly basesOf: (id: string) => readonly string[]
  /** References that images of the chain have, chosen or not, normalised. */
  readonly ownReferences: () => ReadonlySet<string>
  /** A word of the `images` option that chooses an image and no other. */
  readonly wordOf: (id: string) => string
  /** What its calls and its templates hold that is to be shown nowhere. */
  readonly secrets: () => readonly Secret[]
  readonly testIdentity: TestIdentity
  /** Looks again at what an image is made from; undefined where its file is gone. */
  readonly lookAgain: (id: string) => Promise<Inputs | undefined>
}

/** Orders the images, chooses among them, and decides what is done with each. */
export async function planChain(
  loaded: LoadedImages,
  request: PlanRequest,
  ports: PlanPorts
): Promise<PlannedChain> {
  const world = { request, ports, mayRead: loaded.mayRead }
  const listed = await readImages(loaded.images, request, ports.files)
  const records = ports.memory.records()
  const choose = ({ graph }: Chain) =>
    selectImages(
      graph.nodes.map(node => node.image),
      graph.nodes.map(node => node.needs),
      request
    )
  const { connected, view, inheritedOf } = await lookAtBases(orderImages(listed), choose, ports)
  const inputs = view ? await surveyAll(connected, inheritedOf, world) : []
  const decided = decideAll(connected, inputs, view, world)
  const { nodes } = connected.chain.graph
  const fileSecrets = () => listed.flatMap(({ secrets }) => secrets ?? [])
  const testIdentity = openTestIdentity(request.env, fileSecrets)
  const places = new Map(nodes.map(({ image }, index) => [image.id, index]))
  const images = [...nodes.entries()]
    .filter(([index]) => connected.chosen.has(index))
    .map(([index, { image }]) => {
      const known = {
        decided: decided[index],
        record: records.get(image.id),
        tested: testIdentity(image)
      }
      return planImage(connected.chain, index, known)
    })
  const warnings = [
    ...loaded.warnings,
    ...connected.chain.warnings,
    ...inputs.flatMap(found => found?.warnings ?? []),
    ...reorderNotes(connected.chain.graph, loaded.images)
  ]
  const plan = { manifests: loaded.manifests, images, warnings }
  return {
    plan,
    secrets: () => [...fileSecrets(), ...planSecrets(plan, request.env)],
    testIdentity,
    basesOf: id => basesLeft(connected, places.get(id) ?? -1),
    ownReferences: () => ownReferences(connected.chain),
    wordOf: ownWords(nodes.map(({ image }) => image)),
    lookAgain: id => lookAgain(connected, places.get(id) ?? -1, world)
  }
}

function decideAll(
  connected: ChosenChain,
  inputs: readonly (Inputs | undefined)[],
  view: EngineView | undefined,
  { request, ports }: SurveyWorld
): readonly (Decided | undefined)[] {
  const { chain, chosen } = connected
  return decideChain({
    graph: chain.graph,
    chosen,
    inputs,
    basesOf: index => basesLeft(connected, index),
    references: chain.references,
    forced: (node, index) => {
      if (!chain.reads[index]?.bases) return `${node.image.fileAsWritten} missing`
      return request.reuse ? undefined : 'reuse is off'
    },
    view,
    records: ports.memory.records(),
    earlierFiles: digest => ports.memory.files(digest),
    now: request.now,
    maxAge: request.maxAge
  })
}
