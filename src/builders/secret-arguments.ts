import type { Image } from '../manifest/image.js'
import type { Command } from '../ports.js'
import { dockerFlags, pair, readDockerArguments } from './docker-arguments.js'
import { packerFlags } from './packer-arguments.js'
import { isSecret, namedSecrets, type Secret, secretsIn } from './secret-values.js'

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
  const declared = builder === 'dockerfile' ? secretVariables(command.args) : []
  return [
    ...namedSecrets(filled),
    ...declared.flatMap(name => (env[name] ? [{ name, value: env[name] }] : [])),
    ...wordSecrets(command.args)
  ]
}

/**
 * A call's arguments with each secret value replaced by what `hide` makes of it; one that has no such
 * value is the same.
 */
export function withoutSecrets(
  { builder }: Pick<Image, 'builder'>,
  command: Command,
  hide: (value: string) => string
): readonly string[] {
  const secret = argumentPairs(builder, command).filter(
    ([name, value]) => value && isSecret(name, value)
  )
  if (secret.length === 0) return command.args
  const texts = new Map(secret.map(([name, value = '']) => [`${name}=${value}`, { name, value }]))
  return command.args.map(word => {
    const text = word.replace(/^--?(?:build-arg|var)=/, '')
    const found = texts.get(text)
    return found ? word.slice(0, word.length - found.value.length) + hide(found.value) : word
  })
}
