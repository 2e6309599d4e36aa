/** How the text of an option is read. */
export type OptionKind = 'text' | 'boolean' | 'list' | 'number' | 'words' | 'choice'

/** One option: the same name as an input of the action and as a flag of the command line. */
export interface OptionKindRow {
  readonly name: string
  readonly kind: OptionKind
  readonly choices?: readonly string[]
}

/** Every input of the action, in the order of the documents. */
export const INPUT_KINDS = [
  { name: 'command', kind: 'choice', choices: ['build', 'plan', 'generate'] },
  { name: 'images-files', kind: 'list' },
  { name: 'working-directory', kind: 'text' },
  { name: 'images', kind: 'list' },
  { name: 'skip-images', kind: 'list' },
  { name: 'builder-args', kind: 'words' },
  { name: 'packer-version', kind: 'text' },
  { name: 'packer-plugins', kind: 'list' },
  { name: 'packer-releases', kind: 'text' },
  { name: 'packer-releases-key', kind: 'text' },
  { name: 'packer-template', kind: 'text' },
  { name: 'check', kind: 'boolean' },
  { name: 'max-parallel', kind: 'number' },
  { name: 'fail-fast', kind: 'boolean' },
  { name: 'retries', kind: 'number' },
  { name: 'timeout-minutes', kind: 'number' },
  { name: 'reuse', kind: 'list' },
  { name: 'reuse-registry', kind: 'text' },
  { name: 'max-age', kind: 'text' },
  { name: 'push', kind: 'boolean' },
  { name: 'squash', kind: 'boolean' },
  { name: 'summary', kind: 'boolean' },
  { name: 'outside-paths', kind: 'boolean' },
  { name: 'github-token', kind: 'text' }
] as const satisfies readonly OptionKindRow[]

/** Options that only the command line has. */
export const FLAG_KINDS = [
  { name: 'report', kind: 'text' },
  { name: 'report-html', kind: 'text' },
  { name: 'trace', kind: 'text' },
  {
    name: 'format',
    kind: 'choice',
    choices: ['text', 'json', 'matrix', 'stages', 'gitlab', 'bake', 'mermaid']
  },
  { name: 'dry-run', kind: 'boolean' },
  { name: 'on-error', kind: 'choice', choices: ['cleanup', 'keep'] },
  { name: 'quiet', kind: 'boolean' },
  { name: 'verbose', kind: 'boolean' },
  { name: 'docker-folder', kind: 'text' },
  { name: 'ansible-folder', kind: 'text' },
  { name: 'salt-folder', kind: 'text' },
  { name: 'generate-images', kind: 'boolean' },
  { name: 'list', kind: 'boolean' },
  { name: 'log-level', kind: 'choice', choices: ['debug', 'info', 'warning', 'error', 'critical'] },
  { name: 'tag', kind: 'text' },
  { name: 'base', kind: 'text' },
  { name: 'systemd', kind: 'boolean' },
  { name: 'from', kind: 'text' },
  { name: 'yes', kind: 'boolean' }
] as const satisfies readonly OptionKindRow[]

/** Every option by its name: what each means is in option-table.ts, which no start needs. */
export const OPTION_ROWS: ReadonlyMap<string, OptionKindRow> = new Map(
  [...INPUT_KINDS, ...FLAG_KINDS].map(row => [row.name, row])
)
