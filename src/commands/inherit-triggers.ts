import type { BaseReading } from '../chain/bases.js'
import { readDockerfile } from '../chain/dockerfile.js'
import type { Edges } from '../chain/graph.js'
import type { ReadImage } from './read-image.js'

/** What ONBUILD instructions of a base add to what an image stands on. */
function triggerBases(triggers: readonly string[]): BaseReading {
  const text = ['FROM scratch', ...triggers].join('\n')
  const reading = readDockerfile(text, { buildArguments: new Map() })
  return {
    bases: reading.bases.map(({ reference }) => ({ reference, line: undefined })),
    unseen: reading.unresolved.map(({ written }) => `ONBUILD of its base names ${written}`)
  }
}

/**
 * Readings with what each image inherits from the ONBUILD instructions of its bases in the chain;
 * undefined where no base has any.
 */
export function inheritTriggers(
  reads: readonly ReadImage[],
  edges: readonly Edges[]
): readonly (BaseReading | undefined)[] | undefined {
  if (reads.every(read => read.onbuild.length === 0)) return undefined
  return reads.map((read, index) => {
    const triggers = (edges[index]?.needs ?? []).flatMap(need => reads[need]?.onbuild ?? [])
    if (!read.bases || triggers.length === 0) return read.bases
    const added = triggerBases(triggers)
    return {
      bases: [...read.bases.bases, ...added.bases],
      unseen: [...read.bases.unseen, ...added.unseen]
    }
  })
}
