import { openSecretHash } from '../chain/secret-hash.js'
import type { Image } from '../manifest/image.js'
import type { Command } from '../ports.js'
import { contentDockerArguments } from './docker-arguments.js'
import { openHeldSecrets } from './held-secrets.js'
import { declaredSecrets, withoutSecrets } from './secret-arguments.js'
import type { Secret } from './secret-values.js'

/** What only changes how Packer tells what it does. */
const HARMLESS_PACKER_WORDS =
  /^--?(color|timestamp-ui|machine-readable|on-error|parallel-builds)(=.*)?$/s

/** A builder's call with what is known of its secrets. */
export interface ContentRequest {
  readonly image: Image
  readonly command: Command
  /** The environment of builders. */
  readonly env: Readonly<Record<string, string>>
  /** What the image's template marks as sensitive. */
  readonly secrets: readonly Secret[]
}

/**
 * Arguments of a builder's call as one text, less what changes no content: tags, how progress is
 * shown, and the place of the working directory on this machine. A hash stands for each value that
 * holds a secret, so that a hash of the text is no help to who tries out passwords.
 */
export function contentArguments({ image, command, env, secrets }: ContentRequest): string {
  const tags = new Set(image.tags)
  const given =
    image.builder === 'dockerfile'
      ? contentDockerArguments(command.args)
      : command.args.filter(word => !HARMLESS_PACKER_WORDS.test(word))
  const args = given.filter(
    (word, at) => !(tags.has(word) || (word === '-t' && tags.has(given[at + 1] ?? '')))
  )
  const root = image.workingDirectory
  const isBelow = (word: string) => word === root || word.startsWith(`${root}/`)
  const held = openHeldSecrets(env, [...secrets, ...declaredSecrets(image, command, env)])
  const hidden = withoutSecrets(
    args.map(word => (isBelow(word) ? word.slice(root.length) : word)),
    held,
    openSecretHash()
  )
  const words = hidden.map((word, at) => (isBelow(args[at] ?? '') ? [word] : word))
  return JSON.stringify([command.tool, ...words])
}
