#!/usr/bin/env node
import { endProgram } from './adapters/end-program.js'
import { textMask } from './adapters/secret-sources.js'
import { writeErr, writeOut } from './adapters/standard-streams.js'
import { terminalNotes } from './adapters/terminal-notes.js'
import { errPaint, outPaint } from './adapters/terminal-paint.js'
import { ChainError, exitStatus, formatError } from './errors.js'
import { type CommandLine, misspeltCommand, readCommandLine } from './flags.js'
import { olderUsage } from './older-usage.js'
import { type Options, parseOptions } from './options.js'
import { openProject } from './plan-project.js'
import { printPlan } from './report/plan-text.js'
import { shownPlan } from './shown-run.js'

type Run = (options: Options, line: CommandLine) => Promise<void>

const plan: Run = async (options, { raw }) => {
  const project = await openProject(options)
  const chain = await project.plan()
  const mask = await textMask()
  const screen = terminalNotes(options, mask.text)
  for (const warning of chain.plan.warnings) screen.warn(warning)
  if (options.format === 'text' || options.format === 'json') {
    for (const piece of printPlan(chain.plan, options.format, outPaint())) {
      // What a program reads is the builder's call to the letter; what a person reads is masked.
      writeOut(options.format === 'json' ? piece : mask.text(piece))
    }
    if (process.env.GITHUB_STEP_SUMMARY) {
      const { tellPlan } = await import('./tell-run.js')
      tellPlan(mask.value(shownPlan(chain.plan)), options)
    }
    return
  }
  const { printExport } = await import('./cli-export.js')
  await printExport(chain, options.format, { raw, screen })
}

const COMMANDS: Readonly<Record<string, Run>> = {
  build: async options => (await import('./cli-build.js')).buildInTerminal(options),
  plan,
  generate: async options => (await import('./cli-generate.js')).generateInTerminal(options),
  list: async options => (await import('./cli-list.js')).listInTerminal(options),
  init: async (options, { words }) =>
    (await import('./cli-init.js')).initInTerminal(options, words),
  doctor: async options => (await import('./cli-doctor.js')).examine(options),
  clean: async options => (await import('./live-project.js')).runClean(options)
}

async function run(line: CommandLine): Promise<void> {
  const command = COMMANDS[line.command]
  if (line.wants || !command) return (await import('./cli-about.js')).tellAbout(line)
  const options = parseOptions(line.raw)
  const screen = terminalNotes(options)
  for (const message of olderUsage(process.argv.slice(2), process.env)) screen.warn({ message })
  await command(options, line)
}

/** What to say of a first word that is neither an image nor quite a command. */
function commandHint(line: CommandLine | undefined, error: unknown): string {
  if (!line || !(error instanceof ChainError)) return ''
  if (error.code !== 'SELECTION_EMPTY' && error.code !== 'MANIFEST_NOT_FOUND') return ''
  const near = misspeltCommand(line)
  return near ? `\`${line.words[0]}\` is no command: did you mean \`${near}\`?\n` : ''
}

async function main(args: readonly string[]): Promise<void> {
  let line: CommandLine | undefined
  try {
    const [first, ...rest] = args
    // It has options in the form of Packer's, and a command of its own after `--`.
    if (first === 'live') return await (await import('./live-project.js')).runLive(rest)
    line = readCommandLine(args, process.env)
    await run(line)
  } catch (error) {
    const paint = errPaint()
    const whole = line?.raw.verbose === 'true'
    const mask = await textMask()
    writeErr(`${paint('red', 'build-chain:')} ${mask.text(formatError(error, whole))}\n`)
    writeErr(commandHint(line, error))
    process.exitCode = exitStatus(error)
  }
  endProgram()
}

void main(process.argv.slice(2))
