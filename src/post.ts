import { existsSync } from 'node:fs'
import { endRun } from './adapters/end-run.js'
import { openEngine } from './adapters/engine.js'
import { exec } from './adapters/exec.js'
import { tidiedText } from './adapters/gone-runs.js'
import { readEntry } from './adapters/run-register.js'
import { tidyPorts } from './adapters/tidy-ports.js'
import { builderEnvironment } from './builders/environment.js'

/** A run that ended by itself has taken what was written down of it away. */
async function tidy(file: string, label: string): Promise<string> {
  const engine = openEngine(exec, builderEnvironment(process.env))
  const entry = readEntry(file)
  if (entry) return tidiedText(await endRun(entry, tidyPorts(engine)))
  if (file !== '' && !existsSync(file)) return ''
  const removed = await engine.removeContainers(label).catch(() => [])
  return removed.length > 0 ? `removed ${removed.length} containers of an ended run` : ''
}

async function main(file: string, label: string): Promise<void> {
  const text = await tidy(file, label)
  if (text) console.log(text)
}

// The state that main.ts saved; @actions/core is not loaded only to read one variable.
const { STATE_label: label, STATE_run: file = '' } = process.env
if (label) void main(file, label)
