import { type GivenArguments, givenValue } from './dockerfile-scope.js'
import { UNKNOWN, type Value } from './dockerfile-values.js'

/** `OS/ARCHITECTURE[/VARIANT]`; undefined where it is not known. */
export interface Platforms {
  readonly target: string | undefined
  readonly build: string | undefined
  /** Name of the stage that is built, `default` where it has none. */
  readonly stage: string
}

/**
 * The arguments that BuildKit defines for every file, unless one is given by hand.
 * Listed at https://docs.docker.com/reference/dockerfile/#automatic-platform-args-in-the-global-scope.
 */
export function platformArguments(
  platforms: Platforms,
  given: GivenArguments
): ReadonlyMap<string, Value> {
  const values = new Map<string, Value>([
    ...partsOf('BUILD', platforms.build),
    ...partsOf('TARGET', platforms.target),
    ['TARGETSTAGE', platforms.stage]
  ])
  for (const name of values.keys()) {
    const override = givenValue(given, name)
    if (override) values.set(name, override.value)
  }
  return values
}

function partsOf(prefix: string, platform: string | undefined): [string, Value][] {
  const [system = '', architecture = '', variant = ''] = platform?.split('/') ?? []
  const known = (value: string) => (platform === undefined ? UNKNOWN : value)
  return [
    [`${prefix}PLATFORM`, platform ?? UNKNOWN],
    [`${prefix}OS`, known(system)],
    [`${prefix}OSVERSION`, known('')],
    [`${prefix}ARCH`, known(architecture)],
    [`${prefix}VARIANT`, known(variant)]
  ]
}
