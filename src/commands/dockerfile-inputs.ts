import { dirname, resolve } from 'node:path'
import { goBool } from '../builders/go-bool.js'
import { textOfBytes } from '../chain/byte-text.js'
import type { UntrackedInput } from '../chain/dockerfile-reading.js'
import { hashOf } from '../chain/fingerprint.js'
import { ignoreFiles } from '../chain/ignore.js'
import { filePart } from '../chain/parts.js'
import { openSecretHash } from '../chain/secret-hash.js'
import { normaliseReference } from '../manifest/reference.js'
import { contextFilter } from './context-filter.js'
import { entriesAt, type NamedEntry } from './file-sets.js'
import { NO_CONTEXT, seenContext } from './known-context.js'
import type { Look } from './look.js'
import type { ReadDockerfile } from './read-dockerfile-image.js'
import type { TakenIn } from './template-inputs.js'
import { variableHash } from './variable-hash.js'
import { foldersOnTheWay } from './watched-folders.js'

/** Secrets are hashed by what the arguments bring; an ssh agent changes no content, as for the builders' own caches. */
const COUNTS: ReadonlySet<UntrackedInput['kind']> = new Set(['address', 'git', 'frontend'])

/** A context that brings ONBUILD instructions to a stage that the file itself does not base on it. */
function hiddenContexts(
  { contexts, reading }: ReadDockerfile,
  inherited: ReadonlyMap<string, unknown>
) {
  const parents = new Set(
    reading.bases
      .filter(({ from }) => from === 'FROM')
      .map(base => normaliseReference(base.reference))
  )
  return contexts
    .filter(
      ({ name, image }) =>
        image !== undefined &&
        inherited.has(normaliseReference(image)) &&
        !parents.has(normaliseReference(name))
    )
    .map(({ name }) => `its context ${name} brings ONBUILD instructions, which cannot be tracked`)
}

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
  const hidden = HIDDEN_SETTINGS.filter(name => isSet(read.env[name])).map(
    name => `${name} is set, and what it brings cannot be tracked`
  )
  return [...new Set([...asked, ...remote, ...unresolved, ...foreign, ...hidden])]
}

/** Values that come from the environment, since nothing else gives one. */
function environmentValues({ given, env }: ReadDockerfile): [string, string][] {
  const named = [...given.buildArguments].flatMap(([name, value]) =>
    value === undefined ? [name] : []
  )
  const declared = new Set(given.secrets.flatMap(({ variable }) => variable ?? []))
  const hash = variableHash(env, name => declared.has(name))
  return [...named, ...declared].map(name => [`variable ${name}`, hash(name)])
}

const BUILDER_SETTINGS = [
  'DOCKER_BUILDKIT',
  'DOCKER_DEFAULT_PLATFORM',
  'SOURCE_DATE_EPOCH',
  'BUILDX_NO_DEFAULT_ATTESTATIONS'
]

/** Settings by which buildx takes in what is not looked at: https://docs.docker.com/build/building/variables/ */
const HIDDEN_SETTINGS = ['BUILDX_GIT_LABELS', 'EXPERIMENTAL_BUILDKIT_SOURCE_POLICY']

const isSet = (value: string | undefined) => value !== undefined && (goBool(value) ?? value !== '')

/** Files that the build can see besides its context. */
function furtherEntries(read: ReadDockerfile, { trees, mayRead }: Look) {
  const entries: NamedEntry[] = []
  const missing: string[] = []
  const folder = read.image.workingDirectory
  for (const context of read.contexts) {
    if (context.image !== undefined) continue
    const path = context.folder === undefined ? undefined : resolve(folder, context.folder)
    const isOut = path === undefined || mayRead?.(path) === false
    const found = isOut ? [] : entriesAt(path, path, trees)
    for (const each of found) entries.push(each)
    if (found.length > 0) continue
    missing.push(`its context ${context.name} is ${context.written}, which cannot be tracked`)
  }
  return { entries, missing }
}

const secretPaths = ({ image, given }: ReadDockerfile): readonly string[] =>
  given.secrets.flatMap(({ file }) =>
    file === undefined ? [] : resolve(image.workingDirectory, file)
  )

/** The files of `--secret` by their paths as written: what they hold is never hashed as other files are. */
async function secretValues(
  { image, given }: ReadDockerfile,
  { files }: Look
): Promise<readonly (readonly [string, string])[]> {
  const values: (readonly [string, string])[] = []
  const hashOfSecret = openSecretHash()
  for (const { file } of given.secrets) {
    const path = file === undefined ? '' : resolve(image.workingDirectory, file)
    if (file === undefined || !files.exists(path) || files.isFolder(path)) continue
    values.push([`secret ${file}`, hashOfSecret(textOfBytes(await files.read(path)))])
  }
  return values
}

/** What decides which files are seen, whether it is there or not. */
function watchedFiles(read: ReadDockerfile, hasSources: boolean): readonly string[] {
  const { file, workingDirectory } = read.image
  const own = [file, ...foldersOnTheWay(workingDirectory, file), ...secretPaths(read)]
  if (!hasSources) return own
  return [...own, dirname(file), ...ignoreFiles(file, workingDirectory), workingDirectory]
}

/** All that the build of a Dockerfile can see of this machine. */
export async function dockerfileInputs(
  read: ReadDockerfile,
  look: Look,
  inherited: ReadonlyMap<string, readonly string[]>
): Promise<TakenIn> {
  const { image, bytes, env } = read
  const declared = image.inputs !== undefined
  const sources = declared ? [] : read.reading.sources.filter(({ reachable }) => reachable)
  const filter = sources.length > 0 ? await contextFilter(read, look) : undefined
  const context = filter
    ? await seenContext(sources, image.workingDirectory, filter, look)
    : NO_CONTEXT
  const further = declared ? { entries: [], missing: [] } : furtherEntries(read, look)
  const settings = BUILDER_SETTINGS.flatMap(name =>
    env[name] === undefined ? [] : ([[`variable ${name}`, hashOf(env[name])]] as const)
  )
  return {
    ...(further.entries.length > 0
      ? { entries: [...context.list(), ...further.entries] }
      : { entries: context.known ? [] : context.list(), context }),
    values: new Map([
      [filePart(image.fileAsWritten), hashOf(bytes)],
      ...environmentValues(read),
      ...(declared ? [] : await secretValues(read, look)),
      ...settings
    ]),
    untracked: [...untracked(read), ...further.missing, ...hiddenContexts(read, inherited)],
    watched: watchedFiles(read, sources.length > 0)
  }
}
