import { endRun, type Tidied, type TidyPorts } from './end-run.js'
import { isGone } from './process-identity.js'
import { listEntries, machineId } from './run-register.js'

const counted = (count: number, what: string, many = `${what}s`) =>
  count === 0 ? [] : [`${count} ${count === 1 ? what : many}`]

/** What was tidied up, in words; empty where there was nothing. */
export function tidiedText({ processes, containers, paths, problem }: Tidied): string {
  const what = [
    ...counted(processes, 'process', 'processes'),
    ...counted(containers, 'container'),
    ...counted(paths, 'temporary file')
  ].join(', ')
  const text = what && `removed what a killed run had left: ${what}`
  return [text, problem && `containers of a killed run may be left: ${problem}`]
    .filter(Boolean)
    .join('; ')
}

/**
 * Tidies up after runs on a daemon whose processes are known to be gone.
 * @param folder of the register
 * @returns a line for each that had left something
 */
export async function tidyGoneRuns(
  folder: string,
  daemon: string,
  ports: TidyPorts
): Promise<readonly string[]> {
  const entries = listEntries(folder)
  if (entries.length === 0) return []
  const machine = machineId()
  const gone = entries.filter(
    entry => entry.daemon === daemon && entry.machine === machine && isGone(entry.process) === true
  )
  const tidied = await Promise.all(gone.map(entry => endRun(entry, { ...ports, once: true })))
  return tidied.map(tidiedText).filter(Boolean)
}
