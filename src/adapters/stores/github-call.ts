/** What is asked of @actions/cache, of one folder. */
export type CacheCall =
  | {
      /**
       * Answers twice: by the key that is found, and once its entry is in the folder by the key again.
       * Undefined stands for none, and is the last answer.
       */
      readonly name: 'fetch'
      readonly folder: string
      readonly key: string
      readonly prefixes: readonly string[]
    }
  | {
      /** Answers by a number, -1 where nothing was kept. */
      readonly name: 'save'
      readonly folder: string
      readonly key: string
    }
