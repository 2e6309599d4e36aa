import { openSecretHash } from '../chain/secret-hash.js'
import type { Image } from '../manifest/image.js'
import type { Command } from '../ports.js'
import { contentDockerArguments } from './docker-arguments.js'
import { withoutSecrets } from './secret-arguments.js'

/** What only changes how Packer tells what it does. */
const HARMLESS_PACKER_WORDS =
  /^--?(color|timestamp-ui|machine-readable|on-error|parallel-builds)(=.*)?$/s

/**
 * Arguments of a builder's call as one text, less what changes no content: tags, how progress is
 * shown, and the place of the working directory on this machine. A hash stands for each secret, so
 * that a hash of the text is no help to who tries out passwords.
 */
export function contentArguments(image: Image, command: Command): string {
  const tags = new Set(image.tags)
  const hidden = withoutSecrets(image, command, openSecretHash())
  const given =
    image.builder === 'dockerfile'
      ? contentDockerArguments(hidden)
      : hidden.filter(word => !HARMLESS_PACKER_WORDS.test(word))
  const args = given.filter(
    (word, at) => !(tags.has(word) || (word === '-t' && tags.has(given[at + 1] ?? '')))
  )
  const root = image.workingDirectory
  const isBelow = (word: string) => word === root || word.startsWith(`${root}/`)
  const words = args.map(word => (isBelow(word) ? [word.slice(root.length)] : word))
  return JSON.stringify([command.tool, ...words])
}
