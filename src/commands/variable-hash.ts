import { openHeldSecrets } from '../builders/held-secrets.js'
import { isSecretName } from '../builders/secret-names.js'
import type { Secret } from '../builders/secret-values.js'
import { hashOf } from '../chain/fingerprint.js'
import { openSecretHash } from '../chain/secret-hash.js'

type Environment = Readonly<Record<string, string>>

/**
 * Makes the hash of an image's environment variables by their names: a slow one of each that holds a secret.
 * @param isDeclared whether the image itself says that a variable is secret
 * @param further secrets that the environment does not tell
 */
export function variableHash(
  env: Environment,
  isDeclared: (name: string) => boolean,
  further: readonly Secret[] = []
): (name: string) => string {
  const held = openHeldSecrets(env, further)
  const hashOfSecret = openSecretHash()
  return name => {
    const value = env[name]
    const isSecret =
      isDeclared(name) || isSecretName(name) || (value !== undefined && held.in(name, value))
    return (isSecret ? hashOfSecret : hashOf)(value ?? '\0')
  }
}
