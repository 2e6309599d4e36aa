import { dump } from 'js-yaml'
import { legImages, legName, type WordOf } from '../chain/matrix.js'
import type { Plan } from '../chain/plan.js'
import { type Leg, stageLegs } from '../chain/stages.js'
import { shellLine } from '../run/command-line.js'

/** What a pipeline is made from besides its plan. */
export interface PipelineRequest {
  readonly wordOf: WordOf
  /** Options of the plan that its jobs are to have, too, as words of a command line. */
  readonly options: readonly string[]
}

/** GitLab refuses a job with more: https://docs.gitlab.com/ci/yaml/needs/ */
const MOST_NEEDS = 50
/** https://docs.gitlab.com/ci/jobs/#job-names */
const LONGEST_NAME = 255

const TEMPLATE = '.build-chain'
const HEAD = '# A child pipeline, made by `build-chain plan --format gitlab`.\n'
/** Where one job leaves its images for the next ones. */
const STORE = '--reuse registry --reuse-registry "$CI_REGISTRY_IMAGE/chain-cache"'

/** Names of the jobs: what GitLab reads in another way, or not at all, never stands alone. */
function jobNames(legs: readonly Leg[]): readonly string[] {
  const taken = new Set<string>()
  return legs.map((leg, index) => {
    const name = `build ${legName(leg)}`
    const isFree = name.length <= LONGEST_NAME && !taken.has(name)
    const own = isFree ? name : `${name.slice(0, LONGEST_NAME - 10)} #${index}`
    taken.add(own)
    return own
  })
}

function script(leg: Leg, { wordOf, options }: PipelineRequest): string {
  const args = ['--images', legImages(leg, wordOf), ...options]
  const call = shellLine({ tool: 'build', args })
  const store = options.includes('--reuse') ? '' : ` ${STORE}`
  return `$BUILD_CHAIN ${call}${store}`
}

/** More than GitLab takes are left to the stages, which wait for all before them. */
const needsOf = ({ needs }: Leg, names: readonly string[]) =>
  needs.length > MOST_NEEDS ? {} : { needs: needs.map(need => names[need]) }

/** A child pipeline whose jobs need what their images stand on. https://docs.gitlab.com/ci/yaml/ */
export function gitlabPipeline({ images }: Plan, request: PipelineRequest): string {
  const legs = stageLegs(images)
  const names = jobNames(legs)
  const depth = legs.reduce((most, { stage }) => Math.max(most, stage), -1) + 1
  const jobs = legs.map((leg, index) => [
    names[index],
    {
      extends: TEMPLATE,
      stage: `stage ${leg.stage}`,
      ...needsOf(leg, names),
      script: [script(leg, request)]
    }
  ])
  // A pipeline without a job cannot be started.
  const idle = { stage: 'stage 0', script: ["echo 'nothing to build'"] }
  const pipeline = {
    stages: [...Array(Math.max(depth, 1)).keys()].map(stage => `stage ${stage}`),
    [TEMPLATE]: { variables: { BUILD_CHAIN: 'build-chain' } },
    ...(jobs.length > 0 ? Object.fromEntries(jobs) : { 'nothing to build': idle })
  }
  return HEAD + dump(pipeline, { lineWidth: -1, noRefs: true })
}
