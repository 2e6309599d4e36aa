import { posix } from 'node:path'
import { textOfBytes } from '../chain/byte-text.js'
import { type ContextIgnore, ignoreFiles, readIgnore } from '../chain/ignore.js'
import type { ContextFilter } from './context-listing.js'
import { isBuildKit } from './dockerfile-readings.js'
import type { Look } from './look.js'
import type { ReadDockerfile } from './read-dockerfile-image.js'

const NO_FILTER: ContextFilter = {
  key: '',
  skip: () => false,
  isSpent: () => false,
  anew: () => NO_FILTER
}

/**
 * What of the context is sent. BuildKit prefers `NAME.dockerignore` beside the Dockerfile; which
 * builder it will be is not always known, so a file counts where either lets it through.
 */
export async function contextFilter(
  { image, env }: ReadDockerfile,
  look: Look
): Promise<ContextFilter> {
  const candidates = ignoreFiles(image.file, image.workingDirectory)
  const own = candidates[0]
  const builder = isBuildKit(env)
  const there = (builder === false ? candidates.slice(1) : candidates).filter(look.exists)
  const isCertain = builder === true || there[0] !== own
  if (there.length === 0 || (!isCertain && there.length < 2)) return NO_FILTER
  const texts = await Promise.all(
    (isCertain ? there.slice(0, 1) : there).map(async path =>
      textOfBytes(await look.files.read(path))
    )
  )
  return filterOf(texts)
}

/** Keeps back what all of some ignore files do; they are read when it is first asked. */
function filterOf(texts: readonly string[]): ContextFilter {
  let read: readonly ContextIgnore[] | undefined
  const rules = () => {
    read ??= texts.map(readIgnore)
    return read
  }
  const ignores = (path: string) => rules().every(rule => rule.ignores(path))
  const takenBack = texts.flatMap(negations)
  return {
    key: texts.join('\0'),
    skip: (path, kind) => (kind === 'folder' ? isSkipped(rules(), path) : ignores(path)),
    dropsEmpty: path => ignores(path) && !takenBack.some(name => name.startsWith(`${path}/`)),
    isSpent: () => rules().some(rule => rule.isSpent()),
    anew: () => filterOf(texts)
  }
}

/** What `!` takes back in, as it is written: older builders send each folder on the way to it. */
const negations = (text: string): readonly string[] =>
  text
    .split('\n')
    .map(line => line.trim())
    .filter(line => line.startsWith('!'))
    .map(line => posix.normalize(line.slice(1).trim().replace(/^\//, '').trim()))

const isSkipped = (rules: readonly ContextIgnore[], path: string) =>
  rules.every(rule => rule.prunes && rule.ignores(path))
