import { basename } from 'node:path'
import { type DockerfileLines, type Instruction, readLines } from '../chain/dockerfile-lines.js'

/** A Dockerfile whose build has failed. */
export interface FailedDockerfile {
  /** Absolute path. */
  readonly file: string
  readonly text: string
}

const COLOURS = /\u001b\[[0-9;]*m/g
const oneSpaced = (text: string) => text.replace(/\s+/g, ' ').trim()

/** The last match of a pattern among lines. */
function lastMatch(lines: readonly string[], pattern: RegExp): RegExpExecArray | undefined {
  const line = lines.findLast(each => pattern.test(each))
  return line === undefined ? undefined : (pattern.exec(line) ?? undefined)
}

/**
 * The line of a Dockerfile at which `docker build` failed, told by the end of its output, the surest
 * word first: BuildKit's `Dockerfile:12`, a parse error's line, BuildKit's ` > [2/3] RUN …:`, the
 * classic builder's `Step 3/5 : RUN …`. Undefined where none of them fits the file.
 */
export function failedLine(
  output: readonly string[],
  { file, text }: FailedDockerfile
): number | undefined {
  const lines = output.map(line => line.replace(COLOURS, ''))
  const read = readLines(text)
  const line =
    quotedLine(lines, basename(file)) ??
    parseErrorLine(lines) ??
    vertexLine(lines, read) ??
    stepLine(lines, read)
  return line !== undefined && line >= 1 && line <= text.split('\n').length ? line : undefined
}

/** `Dockerfile:12` above a rule and the lines around it. */
function quotedLine(lines: readonly string[], name: string): number | undefined {
  const at = lines.findLastIndex(
    (line, index) => line.startsWith(`${name}:`) && /^-{10,}$/.test(lines[index + 1]?.trim() ?? '')
  )
  const [, number] = /:(\d+)\s*$/.exec(lines[at] ?? '') ?? []
  return number === undefined ? undefined : Number(number)
}

function parseErrorLine(lines: readonly string[]): number | undefined {
  const [, number] = lastMatch(lines.slice(-10), /parse error (?:on )?line (\d+)/i) ?? []
  return number === undefined ? undefined : Number(number)
}

/** ` > [stage-1 2/3] RUN …:` of BuildKit. */
function vertexLine(lines: readonly string[], read: DockerfileLines): number | undefined {
  const match = lastMatch(lines, /^ > \[(?:(\S+) )?(\d+)\/(\d+)\] (.*)$/)
  if (!match) return undefined
  const [, stage, number, count, said = ''] = match
  const words = said.trimEnd().replace(/:$/, '')
  const stages = stagesOf(read.instructions)
  const own = stages.find((each, index) => nameOf(each[0], index) === stage)
  const among = own ?? (stage === undefined ? stages.at(-1) : undefined) ?? read.instructions
  return (
    lineOf(among, words) ?? lineOf(read.instructions, words) ?? countedLine(among, number, count)
  )
}

/** `Step 3/5 : RUN …` of the classic builder, which counts every instruction of the file. */
function stepLine(lines: readonly string[], read: DockerfileLines): number | undefined {
  const match = lastMatch(lines, /^Step (\d+)\/\d+ : (.*)$/)
  if (!match) {
    const [, command = ''] =
      lastMatch(lines, /^The command '\/bin\/sh -c (.*)' returned a non-zero code/) ?? []
    return command === '' ? undefined : lineOf(read.instructions, `RUN ${command}`)
  }
  const [, number, words = ''] = match
  const counted = read.instructions[Number(number) - 1]
  const [keyword = ''] = words.split(' ')
  if (counted?.keyword === keyword.toUpperCase()) return counted.line
  return lineOf(read.instructions, words)
}

const lineOf = (instructions: readonly Instruction[], words: string): number | undefined => {
  const wanted = oneSpaced(words)
  return instructions.find(({ joined }) => oneSpaced(joined) === wanted)?.line
}

function stagesOf(instructions: readonly Instruction[]): Instruction[][] {
  const stages: Instruction[][] = []
  for (const instruction of instructions) {
    if (instruction.keyword === 'FROM') stages.push([])
    stages.at(-1)?.push(instruction)
  }
  return stages
}

/** What BuildKit calls a stage. */
const nameOf = (from: Instruction | undefined, index: number) =>
  /\sAS\s+(\S+)\s*$/i.exec(from?.rest ?? '')?.[1]?.toLowerCase() ?? `stage-${index}`

/** BuildKit counts what makes a layer, and the FROM where it is an image. */
function countedLine(
  stage: readonly Instruction[],
  number: string | undefined,
  count: string | undefined
): number | undefined {
  const layers = stage.filter(({ keyword }) => ['RUN', 'COPY', 'ADD', 'WORKDIR'].includes(keyword))
  const before = Number(count) - layers.length
  if (before !== 0 && before !== 1) return undefined
  return layers[Number(number) - before - 1]?.line
}
