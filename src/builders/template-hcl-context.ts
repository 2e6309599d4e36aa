import type { Place, Problem } from '../errors.js'
import type { TemplateInput, TemplateRequest } from './template.js'
import type { HclScope } from './template-hcl-scope.js'
import { evaluationSteps } from './template-hcl-size.js'
import { type Cty, ctyString, ctyUnknown } from './template-hcl-value.js'
import { changing } from './template-value.js'

/** Members of a root name such as `var`, that stand for the same everywhere or in one build alone. */
export type Members = Readonly<Record<string, ((name: string) => Cty | undefined) | undefined>>

/** What is noted while a template is evaluated. */
export class HclContext {
  readonly environment = new Set<string>()
  readonly inputs: TemplateInput[] = []
  readonly problems: Problem[] = []
  readonly untracked: Problem[] = []

  readonly steps = evaluationSteps()

  constructor(readonly request: TemplateRequest) {}

  /** A scope in which nothing is defined: files of variables, and where only literals may stand. */
  literal(place: Place): HclScope {
    return this.scope(place, {}, 'none')
  }

  /** The scope of an expression; what it reads is noted with its place. */
  scope(place: Place, members: Members, calls: HclScope['calls'] = 'all'): HclScope {
    const { env } = this.request.variables
    return {
      member: (root, name) => (Object.hasOwn(members, root) ? members[root]?.(name) : undefined),
      symbols: new Map(),
      calls,
      env: name => {
        this.environment.add(name)
        return Object.hasOwn(env, name) ? (env[name] ?? '') : ''
      },
      reads: (kind, path, because) => {
        this.inputs.push({ kind, path, because, place })
      },
      steps: this.steps,
      workingDirectory: this.request.workingDirectory,
      templateDirectory: this.request.templateDirectory
    }
  }

  /** The names that mean the same in the whole template, `var` and `local` aside. */
  members(): Members {
    const { workingDirectory, templateDirectory } = this.request
    const paths = new Map([
      ['cwd', workingDirectory],
      ['root', templateDirectory]
    ])
    return {
      path: name => {
        const path = paths.get(name)
        return path === undefined ? undefined : ctyString(path.replaceAll('\\', '/'))
      },
      packer: name => ctyUnknown(`packer.${name} depends on the Packer that runs`),
      data: name => ctyUnknown(`data.${name} is not known before the build`),
      source: name => ctyUnknown(`source.${name} is not known here`)
    }
  }
}

/** `source` and `build` in the components of one build. */
export function buildMembers(source: { type: string; name: string }, buildName: string): Members {
  const own = new Map([
    ['type', source.type],
    ['name', source.name]
  ])
  return {
    source: name => {
      const text = own.get(name)
      return text === undefined ? undefined : ctyString(text)
    },
    build: name => {
      if (name === 'name') return ctyString(buildName)
      const why = `build.${name} is not known before the build`
      return name === 'PackerRunUUID' ? { kind: 'unknown', value: changing(why) } : ctyUnknown(why)
    }
  }
}
