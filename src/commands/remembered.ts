/** What is known by a key, made where it is not yet; undefined can be known, too. */
export function remembered<K, T>(known: Map<K, T>, key: K, make: () => T): T {
  if (!known.has(key)) known.set(key, make())
  return known.get(key) as T
}
