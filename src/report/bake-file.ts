import { bakeTarget } from '../builders/bake-target.js'
import type { Plan, PlannedImage } from '../chain/plan.js'
import type { Warning } from '../manifest/image.js'
import { spellings } from '../manifest/reference.js'

/** A bake file, and what of the plan is not in it. */
export interface BakeFile {
  readonly text: string
  readonly warnings: readonly Warning[]
}

/** https://docs.docker.com/build/bake/reference/#target */
const targetName = ({ image }: PlannedImage) =>
  `${image.name}-${image.version}`.replace(/[^\w-]+/g, '-')

function targetNames(images: readonly PlannedImage[]): ReadonlyMap<string, string> {
  const taken = new Set<string>()
  return new Map(
    images.map(planned => {
      const name = targetName(planned)
      let own = name
      for (let count = 2; taken.has(own); count += 1) own = `${name}-${count}`
      taken.add(own)
      return [planned.image.id, own]
    })
  )
}

const isBaked = ({ image }: PlannedImage) => image.builder === 'dockerfile'

const warn = ({ image }: PlannedImage, message: string): Warning => ({
  message: `${image.id} ${message}`,
  file: image.manifest,
  position: image.position
})

function packerWarning(planned: PlannedImage, users: number): Warning {
  const tags = planned.image.tags.join(', ')
  const rest = users > 0 ? `: what stands on it takes ${tags} from its registry` : ''
  return warn(planned, `is built by Packer, which bake cannot do, and is left out${rest}`)
}

/** A base's target by every reference that BuildKit looks one up by: the shortest way to write each tag. */
function contextsOf(
  { dependsOn }: PlannedImage,
  names: ReadonlyMap<string, string>,
  byId: ReadonlyMap<string, PlannedImage>
): ReadonlyMap<string, string> {
  const contexts = new Map<string, string>()
  for (const id of dependsOn) {
    const target = names.get(id)
    if (target === undefined) continue
    for (const tag of byId.get(id)?.image.tags ?? []) contexts.set(spellings(tag)[0] ?? tag, target)
  }
  return contexts
}

/**
 * The Dockerfile part of a plan as a file for `docker buildx bake`, in which images stand on one
 * another's targets. https://docs.docker.com/build/bake/reference/
 */
export function bakeFile({ images }: Plan): BakeFile {
  const baked = images.filter(isBaked)
  const names = targetNames(baked)
  const byId = new Map(images.map(planned => [planned.image.id, planned]))
  const users = (id: string) => baked.filter(({ dependsOn }) => dependsOn.includes(id)).length
  const targets = baked.map(each => ({ each, ...bakeTarget(each, contextsOf(each, names, byId)) }))
  const variables = [...new Set(targets.flatMap(target => target.variables))]
  const nameOf = ({ image }: PlannedImage) => names.get(image.id) ?? ''
  const file = {
    group: { default: { targets: baked.map(nameOf) } },
    ...(variables.length > 0 && {
      // Without a value an argument is left out, as `docker build` leaves it out.
      variable: Object.fromEntries(variables.map(name => [name, { default: null }]))
    }),
    target: Object.fromEntries(targets.map(({ each, target }) => [nameOf(each), target]))
  }
  const warnings = [
    ...images.filter(each => !isBaked(each)).map(each => packerWarning(each, users(each.image.id))),
    ...targets
      .filter(({ left }) => left.length > 0)
      .map(({ each, left }) =>
        warn(each, `loses ${left.join(', ')}: a bake file has no word for it`)
      )
  ]
  return { text: `${JSON.stringify(file, null, 2)}\n`, warnings }
}
