#!/usr/bin/env node
import { terminalScreen } from './adapters/terminal-screen.js'
import { exitStatus, formatError } from './errors.js'
import { readCommandLine } from './flags.js'
import { type Options, parseOptions, type RawOptions, refuseUnavailable } from './options.js'
import { openProject } from './plan-project.js'
import { helpText, versionText } from './report/help-text.js'
import { printPlan } from './report/plan-text.js'

async function build(options: Options): Promise<void> {
  const { buildInTerminal } = await import('./cli-build.js')
  await buildInTerminal(options)
}

async function plan(options: Options, raw: RawOptions): Promise<void> {
  const project = await openProject(options)
  const chain = await project.plan()
  const screen = terminalScreen(options)
  for (const warning of chain.plan.warnings) screen.warn(warning)
  if (options.format === 'text' || options.format === 'json') {
    process.stdout.write(printPlan(chain.plan, options.format))
    if (process.env.GITHUB_STEP_SUMMARY)
      (await import('./tell-run.js')).tellPlan(chain.plan, options)
    return
  }
  const { printExport } = await import('./cli-export.js')
  await printExport(chain, options.format, { raw, screen })
}

async function schema(): Promise<void> {
  const { manifestJsonSchema } = await import('./manifest/schema.js')
  process.stdout.write(`${JSON.stringify(manifestJsonSchema(), null, 2)}\n`)
}

function about(wants: 'help' | 'version'): void {
  process.stdout.write(wants === 'help' ? helpText() : versionText())
}

async function run(): Promise<void> {
  const { command, raw, wants } = readCommandLine(process.argv.slice(2), process.env)
  if (wants) return about(wants)
  if (command === 'schema') return schema()
  const options = parseOptions(raw)
  refuseUnavailable(options)
  return command === 'plan' ? plan(options, raw) : build(options)
}

await run().catch((error: unknown) => {
  process.stderr.write(`build-chain: ${formatError(error)}\n`)
  process.exitCode = exitStatus(error)
})
