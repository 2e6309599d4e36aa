/** One call of @actions/cache. */
export type CacheCall =
  | {
      readonly name: 'restore'
      readonly folder: string
      readonly key: string
      readonly prefixes: readonly string[]
      /** Only finds the key. */
      readonly lookupOnly: boolean
    }
  | { readonly name: 'save'; readonly folder: string; readonly key: string }

/** The line of output that is the answer begins so. */
export const ANSWER = '::build-chain-answer::'
