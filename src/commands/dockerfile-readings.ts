import { goBool } from '../builders/go-bool.js'
import { type DockerfileOptions, readDockerfile } from '../chain/dockerfile.js'
import type { DockerfileReading } from '../chain/dockerfile-reading.js'
import {
  dependsOnBuilder,
  PREDEFINED,
  parseTrigger,
  readWritten
} from '../chain/dockerfile-stages.js'

/** What both builders take in from a Dockerfile, where it is not known which of them it will be. */
export type BothReadings = Pick<
  DockerfileReading,
  'bases' | 'unresolved' | 'sources' | 'untracked' | 'onbuild'
>

type Environment = Readonly<Record<string, string>>

/** Whether BuildKit builds; undefined where the docker command decides. */
export const isBuildKit = ({ DOCKER_BUILDKIT: setting = '' }: Environment): boolean | undefined =>
  goBool(setting)

/** Whether no value that decides what is read could differ between the builders, nor which stage is meant. */
const isSameForBoth = (
  text: string,
  triggers: readonly string[],
  { stages }: DockerfileReading
): boolean =>
  areUnique(stages) &&
  !readWritten(text).mayDiffer &&
  !triggers.some(each => dependsOnBuilder(parseTrigger(each).step))

function areUnique(stages: DockerfileReading['stages']): boolean {
  const names = stages.map(({ name }) => name).filter(name => name !== '')
  return new Set(names).size === names.length
}

/** Whether the stages that a target needs are the same for both builders, where no value differs. */
function needSameStages(one: DockerfileReading, other: DockerfileReading): boolean {
  return areUnique(one.stages) && one.target === other.target
}

/** Less what stands in stages that only the classic builder goes through, and then leaves. */
function asNeeded<T extends { readonly stage: number | undefined; readonly reachable: boolean }>(
  found: readonly T[],
  stages: DockerfileReading['stages']
): readonly T[] {
  return found.map(each =>
    each.stage === undefined || stages[each.stage]?.reachable ? each : { ...each, reachable: false }
  )
}

function classicAsNeeded(classic: DockerfileReading, { stages }: DockerfileReading): BothReadings {
  return {
    bases: asNeeded(classic.bases, stages),
    unresolved: asNeeded(classic.unresolved, stages),
    sources: asNeeded(classic.sources, stages),
    untracked: asNeeded(classic.untracked, stages),
    onbuild: classic.onbuild
  }
}

function union<T>(one: readonly T[], other: readonly T[]): readonly T[] {
  const known = new Set(one.map(each => JSON.stringify(each)))
  const further = other.filter(each => !known.has(JSON.stringify(each)))
  return further.length > 0 ? [...one, ...further] : one
}

/** The ONBUILD instructions that the bases of a file bring. */
const triggersOf = ({ configs }: Pick<DockerfileOptions, 'configs'>): readonly string[] =>
  [...(configs?.values() ?? [])].flatMap(({ onbuild }) => onbuild)

/** The rest of a reading would be held in memory as long as its image is. */
const takenIn = ({
  bases,
  unresolved,
  sources,
  untracked,
  onbuild
}: DockerfileReading): BothReadings => ({ bases, unresolved, sources, untracked, onbuild })

type Options = Omit<DockerfileOptions, 'builder'>

/** What either builder takes in, where a file has been read as BuildKit does. */
function joinClassic(text: string, options: Options, buildkit: DockerfileReading): BothReadings {
  const all = readDockerfile(text, { ...options, builder: 'classic' })
  const whole = [text, ...triggersOf(options)].join('\n')
  const hasPredefined = PREDEFINED.test(whole) || readWritten(text).hasPredefined
  const isNeeded = !hasPredefined && needSameStages(buildkit, all)
  const classic = isNeeded ? classicAsNeeded(all, buildkit) : all
  return {
    bases: union(buildkit.bases, classic.bases),
    unresolved: union(buildkit.unresolved, classic.unresolved),
    sources: union(buildkit.sources, classic.sources),
    untracked: union(buildkit.untracked, classic.untracked),
    onbuild: union(buildkit.onbuild, classic.onbuild)
  }
}

/** Reads a Dockerfile as each of the builders would. */
export function readAsBoth(text: string, options: Options): BothReadings {
  return joinClassic(text, options, readDockerfile(text, { ...options, builder: 'buildkit' }))
}

/** Reads a Dockerfile as the builder will; as both, where the environment leaves that open. */
export function readBothWays(text: string, options: Options, env: Environment): BothReadings {
  if (isBuildKit(env) === false) {
    return takenIn(readDockerfile(text, { ...options, builder: 'classic' }))
  }
  const buildkit = readDockerfile(text, { ...options, builder: 'buildkit' })
  const isOne = isBuildKit(env) || isSameForBoth(text, triggersOf(options), buildkit)
  return isOne ? takenIn(buildkit) : joinClassic(text, options, buildkit)
}
