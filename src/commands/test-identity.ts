import { type HeldSecrets, openHeldSecrets } from '../builders/held-secrets.js'
import type { Secret } from '../builders/secret-values.js'
import { hashOf } from '../chain/fingerprint.js'
import { openSecretHash } from '../chain/secret-hash.js'
import type { Image } from '../manifest/image.js'

/** Gives what stands for the test of an image: another test has another one; undefined where there is none. */
export type TestIdentity = (image: Pick<Image, 'test'>) => string | undefined

/**
 * Makes it: a slow hash of a test that holds a secret, as a placeholder may have put one there.
 * @param env of builders
 * @param further secrets that the environment does not tell
 */
export function openTestIdentity(
  env: Readonly<Record<string, string>>,
  further: () => readonly Secret[]
): TestIdentity {
  let held: HeldSecrets | undefined
  return ({ test }) => {
    if (test === undefined) return undefined
    held ??= openHeldSecrets(env, further())
    const { in: holds } = held
    const isSecret = [test].flat().some(word => holds('test', word))
    return (isSecret ? openSecretHash() : hashOf)(JSON.stringify(test))
  }
}
