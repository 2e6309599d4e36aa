import type { Plan } from '../chain/plan.js'

/** https://mermaid.js.org/syntax/flowchart.html#entity-codes-to-escape-characters */
const label = (text: string) =>
  text.replace(/[^\w /:.@-]/gu, char => `#${char.codePointAt(0) ?? 0};`)

/** An arrow from each image that another only waits for, since its base cannot be seen. */
function waits({ images }: Plan): string[] {
  const before = new Map<string, number[]>()
  return images.flatMap(({ image, afterAllBefore }, index) => {
    const earlier = before.get(image.manifest) ?? []
    before.set(image.manifest, earlier)
    // What waited for them stands for them from here on.
    const awaited = afterAllBefore ? earlier.splice(0) : []
    earlier.push(index)
    return awaited.map(each => `  image${each} -.-> image${index}`)
  })
}

/**
 * A plan as a Mermaid flowchart: an arrow from each base to what stands on it, a dotted one where
 * only the order is asked for. https://mermaid.js.org/syntax/flowchart.html
 */
export function mermaidGraph(plan: Plan): string {
  const places = new Map(plan.images.map(({ image }, index) => [image.id, index]))
  const nodes = plan.images.map(
    ({ image, action }, index) =>
      `  image${index}["${label(image.tags[0] ?? image.id)}"]:::${action}`
  )
  const arrows = plan.images.flatMap(({ dependsOn }, index) =>
    dependsOn.flatMap(id => places.get(id) ?? []).map(base => `  image${base} --> image${index}`)
  )
  const styles = ['  classDef build stroke-width:3px', '  classDef reuse stroke-dasharray:4']
  return `${['flowchart TD', ...nodes, ...arrows, ...waits(plan), ...styles].join('\n')}\n`
}
