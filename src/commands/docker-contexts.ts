import type { DockerArguments } from '../builders/docker-arguments.js'

/** A `--build-context`: an image, a folder as it is written, or something that cannot be watched. */
export interface DockerContext {
  readonly name: string
  readonly written: string
  readonly image: string | undefined
  readonly folder: string | undefined
}

/** https://docs.docker.com/reference/cli/docker/buildx/build/#build-context; git knows addresses without a scheme. */
const REMOTE = /^([a-z][a-z0-9+-]*:\/\/|oci-layout:|target:|github\.com\/|git@)/i

/** What the arguments of `docker build` give by `--build-context`. */
export function contextsOf({ contexts }: DockerArguments): readonly DockerContext[] {
  return [...contexts].map(([name, written]) => {
    const image = /^docker-image:\/\/(.+)/i.exec(written)?.[1]
    const folder = REMOTE.test(written) ? undefined : written
    return { name, written, image, folder }
  })
}
