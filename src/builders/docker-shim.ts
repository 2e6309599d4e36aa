/** What the `docker` that Packer finds first needs to know. */
export interface ShimSettings {
  /** Absolute path of the real docker. */
  readonly docker: string
  /** Absolute path of a file that lists references, one a line, that are not to be pulled. */
  readonly basesFile: string
  /** `name=value`, put on every container that Packer starts. */
  readonly label: string
  /** Absolute path of setsid, where there is one. */
  readonly setsid?: string | undefined
  /** The command that gets the words after `run` in place of docker; it stands before them. */
  readonly run?: readonly string[] | undefined
  /** Absolute path of a file that gets the ids of the containers, one a line; none is written without. */
  readonly containersFile?: string | undefined
}

const quote = (text: string) => `'${text.replaceAll("'", `'\\''`)}'`

function runLines({ docker, run, label, containersFile, setsid }: ShimSettings): string {
  const start = run ?? [docker, 'run', '--label', label]
  // The signal that ends Packer's group would leave a container of which the daemon alone knows.
  const words = setsid === undefined ? start : [setsid, ...start]
  const call = `${words.map(quote).join(' ')} "$@"`
  if (containersFile === undefined) {
    // A process that leads its group is not waited for by setsid, so it is not to become one.
    return setsid === undefined ? `exec ${call}` : `trap : TERM INT\n  ${call}\n  exit $?`
  }
  const file = quote(containersFile)
  return `id=$(${call}) || exit $?
  printf '%s\\n' "$id" >>${file}
  printf '%s\\n' "$id"
  exit 0`
}

/**
 * Text of the `docker` that stands first on Packer's PATH: a base of the chain is on the daemon
 * and in no registry, so its pull is answered at once. An image takes over the labels of the
 * container that it is made from, and hands them on to the containers of others, so the run's goes
 * out of it. All else goes to the real docker.
 */
export function dockerShim(settings: ShimSettings): string {
  const docker = quote(settings.docker)
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
commit)
  shift
  exec ${docker} commit --change ${quote(`LABEL ${settings.label.split('=')[0]}=`)} "$@"
  ;;
run)
  shift
  ${runLines(settings)}
  ;;
esac
exec ${docker} "$@"
`
}
