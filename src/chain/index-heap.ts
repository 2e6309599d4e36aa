/** A binary heap of indices that gives the smallest first. */
export class IndexHeap {
  readonly #items: number[] = []

  push(index: number): void {
    const items = this.#items
    let at = items.push(index) - 1
    while (at > 0) {
      const parent = (at - 1) >> 1
      if ((items[parent] as number) <= index) break
      items[at] = items[parent] as number
      at = parent
    }
    items[at] = index
  }

  pop(): number | undefined {
    const items = this.#items
    const top = items[0]
    const last = items.pop()
    if (items.length > 0 && last !== undefined) this.#sink(last)
    return top
  }

  #sink(index: number): void {
    const items = this.#items
    let at = 0
    for (;;) {
      let child = 2 * at + 1
      if (child >= items.length) break
      const right = items[child + 1]
      if (right !== undefined && right < (items[child] as number)) child += 1
      if ((items[child] as number) >= index) break
      items[at] = items[child] as number
      at = child
    }
    items[at] = index
  }
}
