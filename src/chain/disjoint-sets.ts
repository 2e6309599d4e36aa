/** Numbers from 0 in sets that can be joined. */
export class DisjointSets {
  readonly #parents: number[]

  constructor(size: number) {
    this.#parents = [...Array(size).keys()]
  }

  /** The number that stands for the set of this one. */
  find(member: number): number {
    let root = member
    for (let up = this.#up(root); up !== root; up = this.#up(root)) root = up
    for (let at = member; at !== root; ) {
      const up = this.#up(at)
      this.#parents[at] = root
      at = up
    }
    return root
  }

  join(one: number, other: number): void {
    this.#parents[this.find(other)] = this.find(one)
  }

  /** The sets, each ascending, in the order of their first members. */
  groups(): number[][] {
    const groups = new Map<number, number[]>()
    for (const member of this.#parents.keys()) {
      const root = this.find(member)
      const group = groups.get(root)
      if (group) group.push(member)
      else groups.set(root, [member])
    }
    return [...groups.values()]
  }

  #up(member: number): number {
    return this.#parents[member] ?? member
  }
}
