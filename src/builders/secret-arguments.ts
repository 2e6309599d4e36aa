import type { Image } from '../manifest/image.js'
import type { Command } from '../ports.js'
import { dockerFlags, pair, readDockerArguments } from './docker-arguments.js'
import type { HeldSecrets } from './held-secrets.js'
import { packerFlags } from './packer-arguments.js'
import { namedSecrets, type Secret, secretsIn } from './secret-values.js'

type Environment = Readonly<Record<string, string>>
type Pair = readonly [name: string, value: string | undefined]

/** `NAME=VALUE` of each build argument or Packer variable, as written: no value where none is. */
function argumentPairs(builder: Image['builder'], { args }: Command): readonly Pair[] {
  const flags =
    builder === 'dockerfile'
      ? dockerFlags(args).filter(({ name }) => name === 'build-arg')
      : packerFlags(args).filter(({ name }) => name === 'var')
  return flags.flatMap(({ value }) => (value === undefined ? [] : [pair(value)]))
}

/** The secrets in words of any command: `NAME=VALUE` such as labels, and credentials by their looks. */
export const wordSecrets = (words: readonly string[]): readonly Secret[] => [
  ...namedSecrets(words.flatMap(word => (/^[^-=][^=]*=/.test(word) ? [pair(word)] : []))),
  ...words.flatMap(secretsIn)
]

/** Environment variables that the arguments themselves name as secrets: `--secret id=x,env=NAME`. */
const secretVariables = (args: readonly string[]): readonly string[] =>
  readDockerArguments(args).secrets.flatMap(({ variable }) => variable ?? [])

/** Files that the arguments of a `docker build` name as secrets, as written. */
export const secretFiles = (
  { builder }: Pick<Image, 'builder'>,
  { args }: Command
): readonly string[] =>
  builder === 'dockerfile'
    ? readDockerArguments(args).secrets.flatMap(({ file }) => file ?? [])
    : []

/**
 * The secrets in a builder's call: build arguments and Packer variables of such a name, with what one
 * without a value takes from the environment, what `--secret` takes from there, and all that is a
 * credential by its looks.
 */
export function argumentSecrets(
  { builder }: Pick<Image, 'builder'>,
  command: Command,
  env: Environment
): readonly Secret[] {
  const pairs = argumentPairs(builder, command)
  const filled = pairs.map(([name, value]): Pair => [name, value ?? env[name]])
  return [
    ...namedSecrets(filled),
    ...declaredSecrets({ builder }, command, env),
    ...wordSecrets(command.args)
  ]
}

/** What `--secret` takes from the environment. */
export const declaredSecrets = (
  { builder }: Pick<Image, 'builder'>,
  { args }: Command,
  env: Environment
): readonly Secret[] =>
  builder === 'dockerfile'
    ? secretVariables(args).flatMap(name => (env[name] ? [{ name, value: env[name] }] : []))
    : []

/** A flag, a name and a value in one word: `VALUE`, `NAME=VALUE`, `--flag=VALUE` or `--flag=NAME=VALUE`. */
const WORD = /^(--?[a-z][a-z-]*=)?(?:([^-=][^=]*)=)?([^]*)$/

function withoutSecret(word: string, held: HeldSecrets, hide: (value: string) => string): string {
  const [, , name = '', value = ''] = WORD.exec(word) ?? []
  const isHeld = value !== '' && held.in(name, value)
  const shown = isHeld ? word.slice(0, word.length - value.length) + hide(value) : word
  // It may begin before the value: a secret can have an equals sign in it.
  return held.in('', shown) ? hide(word) : shown
}

/** Words with what `hide` makes of it in place of each value that holds a secret. */
export const withoutSecrets = (
  words: readonly string[],
  held: HeldSecrets,
  hide: (value: string) => string
): readonly string[] => words.map(word => withoutSecret(word, held, hide))
