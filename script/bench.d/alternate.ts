/** A side of a comparison: runs once and gives what it measured. */
export type Side = () => Promise<number>

/** How sides are measured. */
export interface Rounds {
  readonly count: number
  /** A first round that does not count, so that what is read lies in memory for all sides. */
  readonly warmUp: boolean
  /** Told before each round. */
  readonly onRound?: ((round: number) => void) | undefined
}

/**
 * Measures sides in turns, every other round in reverse, so that a machine that becomes faster or
 * slower meanwhile does so for all of them.
 * @returns the measurements of each side, in the order of the rounds
 */
export async function alternate<Name extends string>(
  sides: Readonly<Record<Name, Side>>,
  { count, warmUp, onRound }: Rounds
): Promise<Record<Name, number[]>> {
  const names = Object.keys(sides) as Name[]
  const measured = Object.fromEntries(names.map(name => [name, []])) as unknown as Record<
    Name,
    number[]
  >
  if (warmUp) for (const name of names) await sides[name]()
  for (let round = 0; round < count; round += 1) {
    onRound?.(round + 1)
    for (const name of round % 2 === 0 ? names : [...names].reverse()) {
      measured[name].push(await sides[name]())
    }
  }
  return measured
}
