import { declareArgument } from './dockerfile-arguments.js'
import { type Expansion, expand } from './dockerfile-expand.js'
import { connectStages, type Stage, type StageGraph } from './dockerfile-graph.js'
import { reachableStages } from './dockerfile-origins.js'
import { platformArguments } from './dockerfile-platform.js'
import {
  type DockerfilePlace,
  type DockerfileReading,
  type Findings,
  noFindings
} from './dockerfile-reading.js'
import {
  type BaseEnvironment,
  type GivenArguments,
  GlobalScope,
  StageScope
} from './dockerfile-scope.js'
import { readWritten, type WrittenStages } from './dockerfile-stages.js'
import { noteSyntax } from './dockerfile-syntax.js'
import { Budget, type Value } from './dockerfile-values.js'
import { walkCommand } from './dockerfile-walk.js'

/** What an outside base brings into a stage, where the caller has looked it up. */
export interface BaseConfig {
  /** Undefined where only the triggers are known. */
  readonly environment: BaseEnvironment
  readonly onbuild: readonly string[]
}

/** How the file is built. */
export interface DockerfileOptions {
  /**
   * `--build-arg`, those without `=` filled in from the environment and left out where it has none.
   * A value of undefined is one that is not known: what it goes into is not known either.
   */
  readonly buildArguments: GivenArguments
  /** `OS/ARCHITECTURE[/VARIANT]` that is built; without it TARGETPLATFORM and its kind are unknown. */
  readonly platform?: string | undefined
  /** The builder's own platform, where it is not the one that is built. */
  readonly buildPlatform?: string | undefined
  /** `--target`. */
  readonly target?: string | undefined
  /** The classic builder goes through every stage up to the target, BuildKit through needed ones. */
  readonly builder?: 'buildkit' | 'classic'
  /** By reference, as `bases` gives it; variables of a base that is not here are unknown. */
  readonly configs?: ReadonlyMap<string, BaseConfig>
}

/**
 * Reads what a Dockerfile's build takes in: outside images, files of the context, and what cannot be
 * tracked. Never fails: what the builder would refuse is in `problems`, and what cannot be told
 * stands for the most that it could be (all of the context, a base in `unresolved`).
 * Takes time in proportion to the text. Held against BuildKit's own parser by script/buildkit-oracle.
 */
export function readDockerfile(text: string, options: DockerfileOptions): DockerfileReading {
  return new DockerfileReader(text, options).read()
}

const SCRATCH = new Map([['PATH', '/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin']])

class DockerfileReader {
  readonly #text: string
  readonly #options: DockerfileOptions
  readonly #classic: boolean
  readonly #escapeToken: string
  readonly #written: WrittenStages
  readonly #findings: Findings = noFindings()
  readonly #globals: GlobalScope

  constructor(text: string, options: DockerfileOptions) {
    const { escapeToken, stages } = readWritten(text)
    this.#text = text
    this.#options = options
    this.#classic = options.builder === 'classic'
    this.#escapeToken = escapeToken
    this.#written = stages
    this.#findings.problems = [...this.#written.problems]
    const rules = { given: options.buildArguments, budget: new Budget(), classic: this.#classic }
    this.#globals = new GlobalScope(rules, this.#predefined())
  }

  read(): DockerfileReading {
    if (!this.#classic) noteSyntax(this.#text, this.#options.buildArguments, this.#findings)
    this.#declareGlobals()
    const graph = connectStages(this.#written, {
      globals: this.#globals,
      escapeToken: this.#escapeToken,
      triggersOf: reference => this.#options.configs?.get(reference)?.onbuild ?? []
    })
    const target = this.#target(graph)
    const reached = this.#reached(graph, target)
    const scopes: StageScope[] = []
    for (const stage of graph.stages) {
      scopes.push(this.#walk(stage, { graph, scopes, reachable: reached(stage.index) }))
    }
    const stages = graph.stages.map(({ from, line, index }) => ({
      name: from.name,
      line,
      reachable: reached(index)
    }))
    this.#findings.problems.sort((one, other) => one.line - other.line)
    return { stages, target, ...this.#findings, onbuild: triggersOf(graph.stages[target ?? -1]) }
  }

  #predefined(): ReadonlyMap<string, Value> {
    if (this.#classic) return new Map()
    const { platform: target, target: chosen, buildArguments } = this.#options
    const stage = chosen || this.#written.stages.at(-1)?.from.name || 'default'
    const build = this.#options.buildPlatform ?? target
    return platformArguments({ target, build, stage }, buildArguments)
  }

  #declareGlobals(): void {
    const globals = this.#globals
    const shared = { environment: globals, globals, escapeToken: this.#escapeToken }
    for (const { step, line } of this.#written.globals) {
      if (step.kind !== 'ARG') continue
      const place = { stage: undefined, line, reachable: true }
      for (const each of step.assignments) {
        declareArgument(each, { ...shared, place, findings: this.#findings })
      }
    }
  }

  #target({ stages, byName }: StageGraph): number | undefined {
    const { target } = this.#options
    if (!target) return stages.length > 0 ? stages.length - 1 : undefined
    const name = target.toLowerCase()
    const first = stages.findIndex(({ from }) => from.name === name)
    const found = this.#classic ? first : (byName.get(name) ?? -1)
    if (found >= 0) return found
    this.#findings.problems.push({ line: 1, message: `target stage ${target} could not be found` })
    return undefined
  }

  #reached(graph: StageGraph, target: number | undefined): (index: number) => boolean {
    if (target === undefined) return () => true
    if (this.#classic) return index => index <= target
    const reached = reachableStages(target, graph, this.#escapeToken)
    return index => reached.has(index)
  }

  #walk(
    stage: Stage,
    way: { graph: StageGraph; scopes: readonly StageScope[]; reachable: boolean }
  ): StageScope {
    const place = { stage: stage.index, line: stage.line, reachable: way.reachable }
    this.#noteParent(stage, place)
    const environment = new StageScope(this.#globals, this.#base(stage, way.scopes))
    for (const command of stage.commands) {
      walkCommand(command, {
        environment,
        globals: this.#globals,
        graph: way.graph,
        escapeToken: this.#escapeToken,
        place: { ...place, line: command.line },
        findings: this.#findings
      })
    }
    return environment
  }

  #base({ parent }: Stage, scopes: readonly StageScope[]): StageScope | BaseEnvironment {
    if (parent.kind === 'stage') return scopes[parent.stage]
    if (parent.kind === 'scratch') return SCRATCH
    return parent.kind === 'image'
      ? this.#options.configs?.get(parent.reference)?.environment
      : undefined
  }

  #noteParent({ parent, from }: Stage, place: DockerfilePlace): void {
    if (parent.kind === 'image') this.#noteImage(parent.reference, from.platform, place)
    if (parent.kind !== 'unresolved') return
    this.#noteUnresolved(from.image, parent.expansion, place)
    const { error } = parent.expansion
    if (error !== undefined) this.#findings.problems.push({ line: place.line, message: error })
  }

  #noteImage(reference: string, written: string, place: DockerfilePlace): void {
    const platform = expand(written, this.#globals, { escapeToken: this.#escapeToken })
    const isTold = platform.unknown.length === 0 && platform.error === undefined
    const known = isTold && platform.text !== '' ? { platform: platform.text } : {}
    this.#findings.bases.push({ ...place, from: 'FROM', reference, ...known })
    if (written !== '' && known.platform === undefined) {
      this.#noteUnresolved(`--platform=${written}`, platform, place)
    }
  }

  #noteUnresolved(written: string, { unknown, unset }: Expansion, place: DockerfilePlace): void {
    const variables = [...new Set([...unknown, ...unset])]
    this.#findings.unresolved.push({ ...place, from: 'FROM', written, variables })
  }
}

function triggersOf(stage: Stage | undefined): readonly string[] {
  const steps = stage?.commands.map(({ step }) => step) ?? []
  return steps.flatMap(step => (step.kind === 'ONBUILD' ? [step.trigger] : []))
}
