import { selectSources } from '../chain/context-sources.js'
import type { ContextSource, UntrackedInput } from '../chain/dockerfile-reading.js'
import { hashOf } from '../chain/fingerprint.js'
import { type ContextIgnore, readIgnore } from '../chain/ignore.js'
import type { Files } from '../ports.js'
import { entriesAt, type NamedEntry } from './file-sets.js'
import type { ContextFilter, Look } from './look.js'
import { contextFolders, type ReadDockerfile } from './read-dockerfile-image.js'
import type { TakenIn } from './template-inputs.js'

const NO_FILTER: ContextFilter = { key: '', skip: () => false }

/**
 * What of the context is sent. BuildKit prefers `NAME.dockerignore` beside the Dockerfile; which
 * builder it will be is not always known, so a file counts where either lets it through.
 */
async function filterOf({ image, env }: ReadDockerfile, files: Files): Promise<ContextFilter> {
  const own = `${image.file}.dockerignore`
  const shared = `${image.workingDirectory}/.dockerignore`
  const candidates = env.DOCKER_BUILDKIT === '0' ? [shared] : [own, shared]
  const there = candidates.filter(path => files.exists(path))
  const isCertain = env.DOCKER_BUILDKIT === '1' || there[0] !== own
  if (there.length === 0 || (!isCertain && there.length < 2)) return NO_FILTER
  const texts = await Promise.all(
    (isCertain ? there.slice(0, 1) : there).map(path => files.readText(path))
  )
  const rules = texts.map(readIgnore)
  return { key: texts.join('\0'), skip: (path, kind) => isSkipped(rules, path, kind === 'folder') }
}

function isSkipped(rules: readonly ContextIgnore[], path: string, isFolder: boolean): boolean {
  return rules.every(rule => rule.ignores(path) && (!isFolder || rule.prunes))
}

const WHOLE: ContextSource = {
  stage: undefined,
  line: 0,
  reachable: true,
  instruction: 'COPY',
  path: '',
  wildcards: false,
  exclude: []
}

/** Frontends, secrets and ssh agents change no content, as the builders' own caches have it. */
const COUNTS: ReadonlySet<UntrackedInput['kind']> = new Set(['address', 'git'])

function untracked(read: ReadDockerfile): string[] {
  const { reading, given } = read
  const remote = reading.untracked
    .filter(({ kind, reachable }) => reachable && COUNTS.has(kind))
    .map(({ line, written }) => `line ${line} takes ${written}, which cannot be tracked`)
  const unresolved = reading.unresolved
    .filter(({ reachable }) => reachable)
    .map(({ line, written }) => `line ${line}: ${written} cannot be resolved`)
  const foreign = reading.bases
    .filter(({ reachable, platform }) => reachable && platform && platform !== read.platform)
    .map(({ line, reference, platform }) => `line ${line}: ${reference} is taken for ${platform}`)
  const asked = given.fresh ? [`${given.fresh} is in its arguments`] : []
  const addresses = [...given.contexts]
    .filter(([, value]) => /^(https?|git|ssh|oci-layout|target):/.test(value))
    .map(([name, value]) => `its context ${name} is ${value}, which cannot be tracked`)
  return [...asked, ...remote, ...unresolved, ...foreign, ...addresses]
}

/** Values that come from the environment, since nothing else gives one. */
function environmentValues({ given, env }: ReadDockerfile): [string, string][] {
  return [...given.buildArguments]
    .filter(([, value]) => value === undefined)
    .map(([name]) => [`variable ${name}`, hashOf(env[name] ?? '\0')])
}

const BUILDER_SETTINGS = ['DOCKER_BUILDKIT', 'DOCKER_DEFAULT_PLATFORM', 'SOURCE_DATE_EPOCH']

async function contextEntries(
  read: ReadDockerfile,
  look: Look,
  onbuild: readonly string[]
): Promise<readonly NamedEntry[]> {
  const sources = read.reading.sources.filter(({ reachable }) => reachable)
  // What an inherited trigger copies is not in this file.
  const seen = onbuild.length > 0 ? [...sources, WHOLE] : sources
  if (seen.length === 0) return []
  const all = look.context(read.image.workingDirectory, await filterOf(read, look.files))
  const key = JSON.stringify(seen.map(({ path, wildcards }) => [path, wildcards]))
  return look.choose(all, key, () => {
    const named = all.map(entry => ({
      path: entry.name,
      isLink: entry.entry.kind === 'link',
      entry
    }))
    const chosen = selectSources(named, seen)
    return chosen.length === all.length ? all : chosen.map(({ entry }) => entry)
  })
}

/** All that the build of a Dockerfile can see of this machine. */
export async function dockerfileInputs(
  read: ReadDockerfile,
  look: Look,
  onbuild: readonly string[]
): Promise<TakenIn> {
  const { image, text, env } = read
  const declared = image.inputs !== undefined
  const context = declared ? [] : await contextEntries(read, look, onbuild)
  const further = declared
    ? []
    : contextFolders(read).flatMap(path => entriesAt(path, path, look.trees))
  const settings = BUILDER_SETTINGS.flatMap(name =>
    env[name] === undefined ? [] : ([[`variable ${name}`, hashOf(env[name])]] as const)
  )
  return {
    entries: further.length > 0 ? [...context, ...further] : context,
    values: new Map([
      [image.fileAsWritten, hashOf(text)],
      ...environmentValues(read),
      ...settings,
      ...(onbuild.length > 0 ? [['ONBUILD of its bases', hashOf(onbuild.join('\n'))] as const] : [])
    ]),
    untracked: untracked(read)
  }
}
