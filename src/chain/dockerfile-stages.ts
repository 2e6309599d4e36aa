import { type DockerfileLines, type DockerfileProblem, readLines } from './dockerfile-lines.js'
import { type ParsedStep, parseStep, type Step } from './dockerfile-steps.js'

/** A step and where it stands; `trigger` where it comes from an ONBUILD of the stage's base. */
export interface Command {
  readonly step: Step
  readonly line: number
  readonly trigger: boolean
  /** What the builder would refuse in it. */
  readonly problems: readonly string[]
}

type FromStep = Extract<Step, { kind: 'FROM' }>

/** A stage as written: its FROM and its instructions. */
export interface WrittenStage {
  readonly from: FromStep
  readonly line: number
  readonly commands: readonly Command[]
}

/** A file as stages, `globals` being what stands before the first FROM. */
export interface WrittenStages {
  readonly globals: readonly Command[]
  readonly stages: readonly WrittenStage[]
  readonly problems: readonly DockerfileProblem[]
}

/** Groups the instructions of a file by stage. */
export function groupStages(lines: DockerfileLines): WrittenStages {
  const globals: Command[] = []
  const stages: { from: FromStep; line: number; commands: Command[] }[] = []
  const problems: DockerfileProblem[] = [...lines.problems]
  for (const instruction of lines.instructions) {
    const { step, problems: found } = parseStep(instruction, lines.escapeToken)
    const { line } = instruction
    for (const message of found) problems.push({ line, message })
    const command = { step, line, trigger: false, problems: [] }
    const stage = stages.at(-1)
    if (step.kind === 'FROM') stages.push({ from: step, line, commands: [] })
    else if (stage) stage.commands.push(command)
    else if (step.kind === 'ARG') globals.push(command)
    else problems.push({ line, message: 'no FROM stands before this instruction' })
  }
  if (stages.length === 0) problems.push({ line: 1, message: 'the Dockerfile has no FROM' })
  return { globals, stages, problems }
}

/** A file as it is written, which is the same however it is built. */
export interface WrittenFile {
  readonly text: string
  readonly escapeToken: string
  readonly stages: WrittenStages
  /** Whether the two builders may take in different things of it, by the values of variables. */
  readonly mayDiffer: boolean
  /** Whether it names what the builders give different values. */
  readonly hasPredefined: boolean
}

/** The file that was read last: many images of a chain share one, each with arguments of its own. */
let last: WrittenFile | undefined

/** Reads a file as it is written. */
export function readWritten(text: string): WrittenFile {
  if (last?.text === text) return last
  const lines = readLines(text)
  const stages = groupStages(lines)
  const steps = stages.stages.flatMap(({ from, commands }) => [
    from,
    ...commands.map(each => each.step)
  ])
  const all = [...stages.globals.map(each => each.step), ...steps]
  const mayDiffer = all.some(dependsOnBuilder)
  const hasPredefined = all.some(step => PREDEFINED.test(JSON.stringify(step)))
  last = { text, escapeToken: lines.escapeToken, stages, mayDiffer, hasPredefined }
  return last
}

/** What the builders give different values. */
export const PREDEFINED = /\b(TARGET|BUILD)(PLATFORM|OS|OSVERSION|ARCH|VARIANT|STAGE)\b/

/** FROM sees no variables of a stage, and what ARG and ENV set counts where another instruction takes it. */
const SETTING: ReadonlySet<Step['kind']> = new Set(['FROM', 'ARG', 'ENV'])

/**
 * Whether what a step takes in may be another for each builder: they define other variables by themselves, and of ENV
 * and ARG, and of the arguments of a stage below, one takes what the other does not (ScopeRules).
 */
export function dependsOnBuilder(step: Step): boolean {
  const words = JSON.stringify(step)
  return PREDEFINED.test(words) || (words.includes('$') && !SETTING.has(step.kind))
}

/** The step of an ONBUILD trigger, which the builder reads like a file of its own. */
export function parseTrigger(trigger: string): ParsedStep {
  const { instructions, escapeToken, problems } = readLines(trigger)
  const [instruction, ...more] = instructions
  if (!instruction || more.length > 0) {
    return { step: { kind: 'OTHER' }, problems: ['onbuild trigger should be a single expression'] }
  }
  const parsed = parseStep(instruction, escapeToken)
  return { ...parsed, problems: [...problems.map(({ message }) => message), ...parsed.problems] }
}
