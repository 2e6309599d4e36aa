import { type Expansion, expand } from './dockerfile-expand.js'
import { looksLikeReference } from './dockerfile-reference.js'
import type { GlobalScope } from './dockerfile-scope.js'
import {
  type Command,
  parseTrigger,
  type WrittenStage,
  type WrittenStages
} from './dockerfile-stages.js'

/** What FROM names: a stage before it, nothing (`scratch`), an outside image, or what cannot be told. */
export type Parent =
  | { readonly kind: 'stage'; readonly stage: number }
  | { readonly kind: 'scratch' }
  | { readonly kind: 'image'; readonly reference: string }
  | { readonly kind: 'unresolved'; readonly expansion: Expansion }

/** A stage with what it stands on, and the ONBUILD triggers of that before its own instructions. */
export interface Stage extends WrittenStage {
  readonly index: number
  readonly parent: Parent
}

/** What a file's stages are connected with. */
export interface GraphOptions {
  readonly globals: GlobalScope
  readonly escapeToken: string
  /** ONBUILD triggers of outside images, by reference, where they are known. */
  readonly triggersOf: (reference: string) => readonly string[]
}

/** Stages in the order of the file, and where names lead: BuildKit takes the last of a name. */
export interface StageGraph {
  readonly stages: readonly Stage[]
  readonly byName: ReadonlyMap<string, number>
}

/** Connects stages by FROM, and puts in front of each what the ONBUILD of its base brings. */
export function connectStages(written: WrittenStages, options: GraphOptions): StageGraph {
  const byName = new Map<string, number>()
  const triggers = new Triggers(written, options)
  const stages = written.stages.map((stage, index): Stage => {
    const parent = parentOf(stage, byName, options)
    if (stage.from.name !== '') byName.set(stage.from.name, index)
    const inherited = triggers.of(parent, stage.line)
    const commands = inherited.length > 0 ? [...inherited, ...stage.commands] : stage.commands
    return { from: stage.from, line: stage.line, index, parent, commands }
  })
  return { stages, byName }
}

function parentOf(
  stage: WrittenStage,
  before: ReadonlyMap<string, number>,
  { globals, escapeToken }: GraphOptions
): Parent {
  const expansion = expand(stage.from.image, globals, { escapeToken })
  const { text } = expansion
  if (expansion.error !== undefined || expansion.unknown.length > 0) {
    return { kind: 'unresolved', expansion }
  }
  // The classic builder finds stages whatever the case; BuildKit refuses an image in capitals.
  const earlier = before.get(text) ?? before.get(text.toLowerCase())
  if (earlier !== undefined) return { kind: 'stage', stage: earlier }
  if (text === 'scratch') return { kind: 'scratch' }
  if (!looksLikeReference(text)) return { kind: 'unresolved', expansion }
  return { kind: 'image', reference: text }
}

class Triggers {
  readonly #written: WrittenStages
  readonly #options: GraphOptions
  readonly #ofStages = new Map<number, readonly Command[]>()

  constructor(written: WrittenStages, options: GraphOptions) {
    this.#written = written
    this.#options = options
  }

  of(parent: Parent, line: number): readonly Command[] {
    const commands = this.#commands(parent, line)
    // Reading stays linear: where many stages inherit many triggers, all of the context counts.
    if (this.#options.globals.budget.spend(commands.length)) return commands
    return [parsed('COPY . /', line)]
  }

  #commands(parent: Parent, line: number): readonly Command[] {
    if (parent.kind === 'image') {
      return this.#options.triggersOf(parent.reference).map(trigger => parsed(trigger, line))
    }
    if (parent.kind !== 'stage') return []
    const known = this.#ofStages.get(parent.stage)
    if (known) return known
    const commands = (this.#written.stages[parent.stage]?.commands ?? []).flatMap(command =>
      command.step.kind === 'ONBUILD' ? [parsed(command.step.trigger, command.line)] : []
    )
    this.#ofStages.set(parent.stage, commands)
    return commands
  }
}

function parsed(trigger: string, line: number): Command {
  const { step, problems } = parseTrigger(trigger)
  return { step, line, trigger: true, problems }
}
