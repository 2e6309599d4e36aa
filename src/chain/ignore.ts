/** The @balena/dockerignore module. */
type IgnoreModule = (options: { ignorecase: boolean }) => {
  add(text: string): { ignores(path: string): boolean }
}

/** Tells whether `.dockerignore` keeps a path of the context from the builder. */
export interface ContextIgnore {
  readonly ignores: (path: string) => boolean
  /** Nothing below an ignored folder is taken back in, so that it need not be looked at. */
  readonly prunes: boolean
}

/**
 * Reads a `.dockerignore` (https://docs.docker.com/build/concepts/context/#dockerignore-files).
 * @param ignore the @balena/dockerignore module, loaded only where there is such a file
 */
export function readIgnore(text: string, ignore: IgnoreModule): ContextIgnore {
  const rules = ignore({ ignorecase: false }).add(text.replace(/^\uFEFF/, ''))
  const prunes = !/^\s*!/m.test(text)
  return { ignores: path => rules.ignores(path), prunes }
}
