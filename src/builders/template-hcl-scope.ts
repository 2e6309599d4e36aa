import type { Steps } from '../steps.js'
import type { TemplateInput } from './template.js'
import type { Cty } from './template-hcl-value.js'
import type { Value } from './template-value.js'

/** What an expression can refer to and call where it stands. */
export interface HclScope {
  /** `var.NAME`, `local.NAME` and their like; undefined where there is none of that name. */
  readonly member: (root: string, name: string) => Cty | undefined
  /** Names of a `for`. */
  readonly symbols: ReadonlyMap<string, Cty>
  /** Defaults of variables can call `env` alone, files of variables nothing. */
  readonly calls: 'all' | 'env' | 'none'
  readonly env: (name: string) => string
  /** Told of every file that a function reads. */
  readonly reads: (kind: TemplateInput['kind'], path: Value, because: string) => void
  /** What may still be spent on evaluating the template. */
  readonly steps: Steps
  readonly workingDirectory: string
  readonly templateDirectory: string
}
