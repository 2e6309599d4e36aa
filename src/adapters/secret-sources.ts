import { environmentSecrets } from '../builders/environment-secrets.js'
import type { Secret } from '../builders/secret-values.js'
import type { Mask } from './mask.js'

type Environment = Readonly<Record<string, string | undefined>>

/** Tells secrets; asked once, and only where something is shown. */
export type SecretSource = () => Iterable<Secret>

/** What is masked for one process. */
export interface SecretSources {
  add(source: SecretSource): void
  /** All that the sources tell by now; the same list as long as there is no other. */
  list(): readonly Secret[]
}

/** Opens a list of sources that begins with an environment. */
export function openSecretSources(env: Environment): SecretSources {
  const waiting: SecretSource[] = [() => environmentSecrets(env)]
  const found = new Map<string, Secret>()
  let listed: readonly Secret[] = []
  const list = () => {
    for (const source of waiting.splice(0)) {
      for (const secret of source()) found.set(`${secret.name}\0${secret.value}`, secret)
    }
    if (found.size !== listed.length) listed = [...found.values()]
    return listed
  }
  return { add: source => void waiting.push(source), list }
}

/** What takes secrets out of texts and values. */
export type TextMask = Pick<Mask, 'text' | 'value'>

const UNMASKED: TextMask = { text: text => text, value: value => value }

/** The mask of this process; what it takes to mask is loaded only where there is a secret. */
export async function textMask(): Promise<TextMask> {
  if (secretSources.list().length === 0) return UNMASKED
  return (await import('./mask.js')).openMask(secretSources)
}

/** What this process masks: like the runner's own list, one for all that it prints. */
export const secretSources = openSecretSources(process.env)
