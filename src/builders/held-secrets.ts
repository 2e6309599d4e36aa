import { askedVariables, environmentSecrets } from './environment-secrets.js'
import { namedSecrets, type Secret } from './secret-values.js'
import { isTelling } from './telling-value.js'

type Environment = Readonly<Record<string, string>>

/** Tells what holds a secret, so that no quick hash of one is ever written down. */
export interface HeldSecrets {
  /** Whether a value holds one: by its name, by its looks, or since one that is known stands in it. */
  in(name: string, value: string): boolean
}

interface Known {
  /** Names that the environment itself says are those of secrets. */
  readonly names: ReadonlySet<string>
  readonly values: readonly string[]
}

/** A short value may be any word: it is known by its name alone. */
const tellingValues = (secrets: readonly Secret[]): readonly string[] => [
  ...new Set(secrets.map(({ value }) => value.trim()).filter(isTelling))
]

/** There may be thousands of images, which all are built in the same environment. */
const environments = new WeakMap<Environment, Known>()

function knownIn(env: Environment): Known {
  const found = environments.get(env)
  if (found) return found
  const names = new Set(askedVariables(env))
  const known = { names, values: tellingValues(environmentSecrets(env)) }
  environments.set(env, known)
  return known
}

/** Makes the test of what holds a secret of an environment, or one of those that are given further. */
export function openHeldSecrets(env: Environment, further: readonly Secret[] = []): HeldSecrets {
  const { names, values } = knownIn(env)
  const own = tellingValues(further)
  const stands = (value: string) => (secret: string) => value.includes(secret)
  return {
    in: (name, value) =>
      names.has(name) ||
      namedSecrets([[name, value]]).length > 0 ||
      values.some(stands(value)) ||
      own.some(stands(value))
  }
}
