import type { Secret } from '../builders/secret-values.js'
import { isTelling } from '../builders/telling-value.js'
import type { Logs } from '../ports.js'
import { maskedCopy } from '../report/masked-copy.js'
import { type Masker, openMasker } from '../report/masker.js'
import { maskedLogs } from './masked-logs.js'
import type { SecretSources } from './secret-sources.js'

/** Takes the secrets that a process knows by now out of what it shows. */
export interface Mask {
  readonly text: (text: string) => string
  /** A copy in which every text is masked. */
  readonly value: <T>(value: T) => T
  /** Logs that hold no secret, and tell none. */
  readonly logs: (logs: Logs) => Logs
}

/** Opens a mask that follows what its sources come to know. */
export function openMask(sources: SecretSources): Mask {
  let known: readonly Secret[] = []
  let masker: Masker = openMasker([])
  const current = () => {
    const secrets = sources.list()
    if (secrets !== known) {
      known = secrets
      masker = openMasker(secrets)
    }
    return masker
  }
  return {
    text: text => current().text(text),
    value: value => (sources.list().length === 0 ? value : maskedCopy(value, current().text)),
    logs: logs => maskedLogs(logs, () => current().stream())
  }
}

/**
 * Tells each secret that is masked wherever it stands, once, so that the runner masks it in what others
 * print. To be called at the beginning of a line, where the runner heeds commands.
 */
export function openTeller(sources: SecretSources, tell: (value: string) => void): () => void {
  const told = new Set<string>()
  return () => {
    for (const secret of sources.list()) {
      const value = secret.value.trim()
      if (isTelling(value) && !told.has(value)) tell(value)
      told.add(value)
    }
  }
}
