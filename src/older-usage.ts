type Variables = Readonly<Record<string, string | undefined>>

const isSet = (env: Variables, name: string) => (env[name] ?? '').trim() !== ''

/** Uses of the earlier tool's ways that do not do here what they did, or never did anything. */
const CHANGES: readonly {
  readonly applies: (args: ReadonlySet<string>, env: Variables) => boolean
  readonly message: string
}[] = [
  {
    applies: args => args.has('--image-name'),
    message: '--image-name is ignored, as it was: an image has its name from the manifest'
  },
  {
    applies: (_, env) => isSet(env, 'IMAGES') && isSet(env, 'BUILD_IMAGES'),
    message: 'BUILD_IMAGES is ignored, as it was, since IMAGES is set'
  },
  {
    applies: (_, env) =>
      (isSet(env, 'IMAGES') || isSet(env, 'BUILD_IMAGES')) && isSet(env, 'SKIP_IMAGES'),
    message:
      'IMAGES and SKIP_IMAGES are both heeded; docker_build_chain.py built all but the skipped ones then'
  },
  {
    applies: args => args.has('--generate-images') && args.has('--dry-run'),
    message: '--dry-run writes no template; docker_build_chain.py wrote them all the same'
  }
]

/** What to say to who comes from docker_build_chain.py; docs/migrating.md has the reasons. */
export function olderUsage(args: readonly string[], env: Variables): readonly string[] {
  const names = new Set(args.map(word => word.replace(/=.*/s, '')))
  return CHANGES.filter(({ applies }) => applies(names, env)).map(
    ({ message }) => `${message} (docs/migrating.md)`
  )
}
