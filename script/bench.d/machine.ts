import { readFileSync } from 'node:fs'
import { cpus, totalmem } from 'node:os'
import type { Machine } from './results.js'
import { output } from './run.js'

const firstLine = async (program: string, ...args: string[]): Promise<string | undefined> =>
  output({ program, args }).then(
    text => text.trim().split('\n')[0] ?? '',
    () => undefined
  )

const ASKED: Readonly<Record<string, readonly [string, ...string[]]>> = {
  Linux: ['uname', '-r'],
  Docker: ['docker', 'version', '--format', '{{.Server.Version}}'],
  'Docker command': ['docker', 'version', '--format', '{{.Client.Version}}'],
  Packer: ['packer', 'version'],
  git: ['git', '--version']
}

function systemName(): string {
  try {
    return /^PRETTY_NAME="(.*)"$/m.exec(readFileSync('/etc/os-release', 'utf8'))?.[1] ?? 'Linux'
  } catch {
    return process.platform
  }
}

/** What the machine is, as far as it matters for a measurement. */
export async function describeMachine(): Promise<Machine> {
  const versions: Record<string, string> = { Node: process.versions.node }
  for (const [name, [program, ...args]] of Object.entries(ASKED)) {
    const said = await firstLine(program, ...args)
    if (said !== undefined) versions[name] = said.replace(/^[^\d]*v?/, '')
  }
  const [first] = cpus()
  return {
    processor: first?.model.trim() ?? 'unknown',
    processors: cpus().length,
    memory: totalmem(),
    system: systemName(),
    versions
  }
}
