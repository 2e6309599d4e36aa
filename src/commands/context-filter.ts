import { posix } from 'node:path'
import { textOfBytes } from '../chain/byte-text.js'
import { type ContextIgnore, ignoreFiles, readIgnore } from '../chain/ignore.js'
import { isBuildKit } from './dockerfile-readings.js'
import type { ContextFilter, Look } from './look.js'
import type { ReadDockerfile } from './read-dockerfile-image.js'

const NO_FILTER: ContextFilter = { key: '', skip: () => false }

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
  const rules = texts.map(readIgnore)
  const ignores = (path: string) => rules.every(rule => rule.ignores(path))
  const takenBack = texts.flatMap(negations)
  return {
    key: texts.join('\0'),
    skip: (path, kind) => (kind === 'folder' ? isSkipped(rules, path) : ignores(path)),
    dropsEmpty: path => ignores(path) && !takenBack.some(name => name.startsWith(`${path}/`))
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
