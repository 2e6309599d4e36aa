/** The latest work on each of the things that only one may work on. */
export type Turns = Map<string, Promise<unknown>>

/** Works on a thing once all that came before on the same thing has ended, however it ended. */
export function inTurn<T>(turns: Turns, name: string, work: () => Promise<T>): Promise<T> {
  const own = (turns.get(name) ?? Promise.resolve()).then(work)
  turns.set(
    name,
    own.catch(() => {})
  )
  return own
}
