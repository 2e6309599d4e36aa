import { openEngine } from './adapters/engine.js'
import { exec } from './adapters/exec.js'
import { builderEnvironment } from './builders/environment.js'

async function removeLeft(label: string): Promise<void> {
  const engine = openEngine(exec, builderEnvironment(process.env))
  const removed = await engine.removeContainers(label).catch(() => [])
  if (removed.length > 0) console.log(`removed ${removed.length} containers of an ended run`)
}

// The state that main.ts saved; @actions/core is not loaded only to read one variable.
const label = process.env.STATE_label
if (label) void removeLeft(label)
