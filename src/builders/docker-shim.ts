/** What the `docker` that Packer finds first needs to know. */
export interface ShimSettings {
  /** Absolute path of the real docker. */
  readonly docker: string
  /** Absolute path of a file that lists references, one a line, that are not to be pulled. */
  readonly basesFile: string
  /** `name=value`, put on every container that Packer starts. */
  readonly label: string
  /** The command that gets the words after `run` in place of docker; it stands before them. */
  readonly run?: readonly string[] | undefined
}

const quote = (text: string) => `'${text.replaceAll("'", `'\\''`)}'`

/**
 * Text of the `docker` that stands first on Packer's PATH: a base of the chain is on the daemon
 * and in no registry, so its pull is answered at once; all else goes to the real docker.
 */
export function dockerShim(settings: ShimSettings): string {
  const docker = quote(settings.docker)
  const run = settings.run?.map(quote).join(' ') ?? `${docker} run --label ${quote(settings.label)}`
  return `#!/bin/sh
case "$1" in
pull)
  for word; do
    if grep -qxF -e "$word" ${quote(settings.basesFile)}; then
      echo "$word is on this daemon already"
      exit 0
    fi
  done
  ;;
run)
  shift
  exec ${run} "$@"
  ;;
esac
exec ${docker} "$@"
`
}
