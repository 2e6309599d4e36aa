import { bashCompletion } from './completion-bash.js'
import { fishCompletion } from './completion-fish.js'
import { zshCompletion } from './completion-zsh.js'

const SCRIPTS: Readonly<Record<string, () => string>> = {
  bash: bashCompletion,
  zsh: zshCompletion,
  fish: fishCompletion
}

/** The shells that there is a script for. */
export const SHELLS: readonly string[] = Object.keys(SCRIPTS)

/** What makes a shell complete the program's words; undefined for a shell that there is none for. */
export const completionScript = (shell: string): string | undefined =>
  Object.hasOwn(SCRIPTS, shell) ? SCRIPTS[shell]?.() : undefined
