/** A masker's way to take secrets out of a text. */
export type MaskText = (text: string) => string

const isPlain = (value: object): boolean => {
  const prototype: unknown = Object.getPrototypeOf(value)
  return prototype === Object.prototype || prototype === null
}

/**
 * A copy of a value in which every text is masked: what is made of it, JSON or HTML, is then as well
 * formed as it ever is. What was one object is one in the copy; maps, sets and bytes stay as they are.
 */
export function maskedCopy<T>(value: T, mask: MaskText): T {
  const copies = new Map<object, unknown>()
  const copyOf = (each: unknown): unknown => {
    if (typeof each === 'string') return mask(each)
    if (typeof each !== 'object' || each === null) return each
    const known = copies.get(each)
    if (known !== undefined) return known
    const copy = Array.isArray(each) ? each.map(copyOf) : isPlain(each) ? copyFields(each) : each
    copies.set(each, copy)
    return copy
  }
  const copyFields = (each: object) =>
    Object.fromEntries(Object.entries(each).map(([name, field]) => [name, copyOf(field)]))
  return copyOf(value) as T
}
