import { goBool } from '../builders/go-bool.js'
import { type DockerfileOptions, readDockerfile } from '../chain/dockerfile.js'
import type { DockerfileReading } from '../chain/dockerfile-reading.js'

/** What both builders take in from a Dockerfile, where it is not known which of them it will be. */
export type BothReadings = Pick<
  DockerfileReading,
  'bases' | 'unresolved' | 'sources' | 'untracked' | 'onbuild'
>

type Environment = Readonly<Record<string, string>>

/** Whether BuildKit builds; undefined where the docker command decides. */
export const isBuildKit = ({ DOCKER_BUILDKIT: setting = '' }: Environment): boolean | undefined =>
  goBool(setting)

/** FROM and ARG in a line of their own: both builders give them the same values. */
const SAME_VALUES = /^\s*(FROM|ARG)\s/i
const CONTINUES = /[\\`]\s*$/

/** Whether no value in the text could differ between the builders, nor which stage is meant. */
function isSameForBoth(text: string, { stages }: DockerfileReading): boolean {
  if (PREDEFINED.test(text) || !areUnique(stages)) return false
  if (!text.includes('$')) return true
  const lines = text.split('\n').filter(line => !/^\s*(#|$)/.test(line))
  return lines.every(
    (line, at) =>
      !line.includes('$') || (SAME_VALUES.test(line) && !CONTINUES.test(lines[at - 1] ?? ''))
  )
}

function areUnique(stages: DockerfileReading['stages']): boolean {
  const names = stages.map(({ name }) => name).filter(name => name !== '')
  return new Set(names).size === names.length
}

/** What the builders give different values. */
const PREDEFINED = /\b(TARGET|BUILD)(PLATFORM|OS|OSVERSION|ARCH|VARIANT|STAGE)\b/

/** Whether the stages that a target needs are the same for both builders. */
function needSameStages(text: string, one: DockerfileReading, other: DockerfileReading): boolean {
  return areUnique(one.stages) && one.target === other.target && !PREDEFINED.test(text)
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

/** All that is read: the file, and the ONBUILD instructions that its bases bring. */
const wholeText = (text: string, { configs }: Pick<DockerfileOptions, 'configs'>) =>
  [text, ...[...(configs?.values() ?? [])].flatMap(({ onbuild }) => onbuild)].join('\n')

/** The rest of a reading would be held in memory as long as its image is. */
const takenIn = ({
  bases,
  unresolved,
  sources,
  untracked,
  onbuild
}: DockerfileReading): BothReadings => ({ bases, unresolved, sources, untracked, onbuild })

/** Reads a Dockerfile as the builder will; as both, where the environment leaves that open. */
export function readBothWays(
  text: string,
  options: Omit<DockerfileOptions, 'builder'>,
  env: Environment
): BothReadings {
  const known = isBuildKit(env)
  const read = (builder: DockerfileOptions['builder']) =>
    readDockerfile(text, { ...options, builder })
  if (known !== undefined) return takenIn(read(known ? 'buildkit' : 'classic'))
  const buildkit = read('buildkit')
  const whole = wholeText(text, options)
  if (isSameForBoth(whole, buildkit)) return takenIn(buildkit)
  const all = read('classic')
  const classic = needSameStages(whole, buildkit, all) ? classicAsNeeded(all, buildkit) : all
  return {
    bases: union(buildkit.bases, classic.bases),
    unresolved: union(buildkit.unresolved, classic.unresolved),
    sources: union(buildkit.sources, classic.sources),
    untracked: union(buildkit.untracked, classic.untracked),
    onbuild: union(buildkit.onbuild, classic.onbuild)
  }
}
