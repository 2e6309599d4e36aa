/** Positions that wait for their turn: the longest way first, ties in their order. */
export interface ReadyQueue {
  add(index: number): void
  /** At most as many, and no longer in the queue; none whose way is shorter. */
  take(most: number, shortest?: number): readonly number[]
}

/** @param lengths for each position the length of the way from it */
export function readyQueue(lengths: readonly number[]): ReadyQueue {
  // The next one is the last: to take it moves nothing.
  const queue: number[] = []
  const isBefore = (one: number, other: number) =>
    ((lengths[one] ?? 0) - (lengths[other] ?? 0) || other - one) < 0
  return {
    add: index => {
      let [low, high] = [0, queue.length]
      while (low < high) {
        const middle = (low + high) >> 1
        if (isBefore(queue[middle] as number, index)) low = middle + 1
        else high = middle
      }
      queue.splice(low, 0, index)
    },
    take: (most, shortest = 0) => {
      let from = queue.length
      const isTaken = (index = -1) =>
        queue.length - from < most && (lengths[index] ?? -1) >= shortest
      while (isTaken(queue[from - 1])) from -= 1
      return queue.splice(from).reverse()
    }
  }
}
