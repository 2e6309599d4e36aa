import type { Problem } from '../errors.js'
import { formatProblem } from '../errors.js'
import type { RequiredPlugin, Template, TemplateComponents, TemplateInput } from './template.js'
import { builderFindings, templateBuilder } from './template-builder.js'
import {
  type Build,
  type Component,
  type Findings,
  findings,
  merged,
  type Surroundings
} from './template-component.js'
import { postProcessorFindings } from './template-post-processors.js'
import { provisionerFindings } from './template-provisioners.js'
import type { UnknownValue, Value } from './template-value.js'

/** What a reader of either template language found. */
export interface Reading {
  readonly format: Template['format']
  readonly builds: readonly Build[]
  readonly components: TemplateComponents
  readonly requiredPlugins: readonly RequiredPlugin[]
  readonly requiredVersion: string | undefined
  /** What the template reads beside its components: files by functions, the environment by variables. */
  readonly found: Findings
  readonly unknownVariables: readonly string[]
  readonly sensitiveVariables: Template['sensitiveVariables']
  readonly problems: readonly Problem[]
}

function unique<T>(items: readonly T[], key: (item: T) => string): T[] {
  const seen = new Set<string>()
  return items.filter(item => {
    const fresh = !seen.has(key(item))
    seen.add(key(item))
    return fresh
  })
}

const valueKey = (value: Value) => (value.known ? `=${value.text}` : `?${value.why}`)

const inputKey = (input: TemplateInput) => `${input.kind} ${valueKey(input.path)}`

/** Settings that differ at each run make an image that cannot be known by its inputs. */
function changingFindings(component: Component, except: readonly string[]): Findings {
  const values = component.settings
    .values(except)
    .filter((value): value is UnknownValue => !value.known && value.changing)
  return findings({
    untracked: values.map(value => ({ place: component.place, message: value.why }))
  })
}

function buildFindings(build: Build, around: Surroundings): Findings {
  return merged([
    builderFindings(build, around),
    changingFindings(build, ['run_command']),
    ...build.provisioners.map(component => provisionerFindings(component, around)),
    ...build.postProcessors.map(postProcessorFindings),
    ...[...build.provisioners, ...build.postProcessors].map(component =>
      changingFindings(component, [])
    )
  ])
}

function unknownInputs(inputs: readonly TemplateInput[]): Problem[] {
  return inputs.flatMap(({ path, because, place }) =>
    path.known ? [] : [{ place, message: `a file of the ${because} is not known: ${path.why}` }]
  )
}

/** The template that a reading amounts to. */
export function assembleTemplate(reading: Reading, around: Surroundings): Template {
  const { builds, found, ...rest } = reading
  const all = merged([found, ...builds.map(build => buildFindings(build, around))])
  const inputs = unique(all.inputs, inputKey)
  const builders = builds.map(build => templateBuilder(build, around.workingDirectory))
  const push = builds
    .flatMap(build => build.postProcessors)
    .find(({ type }) => type === 'docker-push')
  return {
    ...rest,
    builders,
    tags: unique(
      builders.flatMap(builder => builder.tags),
      valueKey
    ),
    publishes: push?.place,
    inputs,
    mounts: unique(all.mounts, valueKey),
    untracked: unique([...all.untracked, ...unknownInputs(inputs)], formatProblem),
    environment: [...new Set(all.environment)].sort()
  }
}

/** A template of which nothing could be read, and why. */
export function emptyTemplate(format: Template['format'], problem: Problem): Template {
  const components = { builders: [], provisioners: [], postProcessors: [], dataSources: [] }
  const reading: Reading = {
    format,
    builds: [],
    components,
    requiredPlugins: [],
    requiredVersion: undefined,
    found: findings({}),
    unknownVariables: [],
    sensitiveVariables: [],
    problems: [problem]
  }
  return assembleTemplate(reading, { workingDirectory: '/', env: {} })
}
