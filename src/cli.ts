import { exitStatus, formatError } from './errors.js'
import { readCommandLine } from './flags.js'
import { type Options, parseOptions } from './options.js'
import { openProject } from './plan-project.js'

async function build(options: Options): Promise<void> {
  const { buildInTerminal } = await import('./cli-build.js')
  await buildInTerminal(options)
}

async function plan(options: Options): Promise<void> {
  const project = await openProject(options)
  const { plan: planned } = await project.plan()
  const { terminalScreen } = await import('./adapters/terminal-screen.js')
  const { printPlan } = await import('./report/plan-text.js')
  const screen = terminalScreen(options)
  for (const warning of planned.warnings) screen.warn(warning)
  process.stdout.write(printPlan(planned, options.format))
}

async function schema(): Promise<void> {
  const { manifestJsonSchema } = await import('./manifest/schema.js')
  process.stdout.write(`${JSON.stringify(manifestJsonSchema(), null, 2)}\n`)
}

async function about(wants: 'help' | 'version'): Promise<void> {
  const { helpText, versionText } = await import('./report/help-text.js')
  process.stdout.write(wants === 'help' ? helpText() : versionText())
}

async function run(): Promise<void> {
  const { command, raw, wants } = readCommandLine(process.argv.slice(2), process.env)
  if (wants) return about(wants)
  if (command === 'schema') return schema()
  const options = parseOptions(raw)
  return command === 'plan' ? plan(options) : build(options)
}

await run().catch((error: unknown) => {
  process.stderr.write(`build-chain: ${formatError(error)}\n`)
  process.exitCode = exitStatus(error)
})
