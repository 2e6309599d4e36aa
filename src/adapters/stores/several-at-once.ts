/** Works on all items, at most `width` at a time; after a failure starts no more, and fails when all have ended. */
export async function severalAtOnce<T>(
  items: readonly T[],
  width: number,
  work: (item: T) => Promise<void>
): Promise<void> {
  const failures: unknown[] = []
  let next = 0
  const lane = async () => {
    while (next < items.length && failures.length === 0) {
      const item = items[next++] as T
      await work(item).catch((failure: unknown) => {
        failures.push(failure)
      })
    }
  }
  await Promise.all(Array.from({ length: Math.min(width, items.length) }, lane))
  if (failures.length > 0) throw failures[0]
}
