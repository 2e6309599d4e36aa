/** Steps that may still be spent on a text of somebody else's, so that none takes long to read. */
export class Steps {
  #left: number

  /** @param most how many there are */
  constructor(most: number) {
    this.#left = most
  }

  /** Whether more was asked for than there is. */
  get areSpent(): boolean {
    return this.#left < 0
  }

  /** Adds steps, for more to read that others have not made larger. */
  grant(steps: number): void {
    this.#left += steps
  }

  /** Takes steps off, and tells whether they were there. */
  spend(steps: number): boolean {
    this.#left -= steps
    return this.#left >= 0
  }
}
