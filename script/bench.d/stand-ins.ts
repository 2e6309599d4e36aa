import { readFileSync } from 'node:fs'
import { delimiter, join } from 'node:path'
import { write } from './family.js'

/**
 * A docker that hands all on to the real one, and writes down when a build began and ended, by a
 * clock that needs no further process. With BENCH_SAYS the build first says what is in that file.
 */
const DOCKER = `#!/bin/bash
LC_ALL=C
if [[ $1 != build ]]; then exec "$BENCH_DOCKER" "$@"; fi
began=$EPOCHREALTIME
[[ -z \${BENCH_SAYS:-} ]] || cat "$BENCH_SAYS"
"$BENCH_DOCKER" "$@"
status=$?
echo "$began $EPOCHREALTIME $*" >>"$BENCH_TIMES"
exit $status
`

/** A Packer that takes no time: what it makes is an image that is there. */
const PACKER = `#!/bin/bash
LC_ALL=C
case $1 in
  version | --version) echo 'Packer v1.6.6' ;;
  build)
    began=$EPOCHREALTIME
    echo "1700000000,docker,artifact,0,id,$BENCH_IMAGE"
    echo "1700000000,docker,artifact,0,string,Imported Docker image: $BENCH_IMAGE"
    echo "$began $EPOCHREALTIME $*" >>"$BENCH_TIMES"
    ;;
  *) exit 127 ;;
esac
`

/** When a builder ran, in seconds since the epoch, and its arguments. */
export interface Span {
  readonly began: number
  readonly ended: number
  readonly words: readonly string[]
}

/** Programs that stand before docker and packer on PATH. */
export interface StandIns {
  readonly env: Readonly<Record<string, string>>
  /** The builds since `forget`, in the order in which they began. */
  readonly spans: () => readonly Span[]
  readonly forget: () => void
}

/**
 * Writes the stand-ins.
 * @param docker absolute path of the real one
 */
export function writeStandIns(
  folder: string,
  real: { readonly docker: string; readonly image: string; readonly says?: string }
): StandIns {
  const times = join(folder, 'times')
  write(join(folder, 'bin/docker'), DOCKER, 0o755)
  write(join(folder, 'bin/packer'), PACKER, 0o755)
  write(times, '')
  const spans = () =>
    readFileSync(times, 'utf8')
      .split('\n')
      .filter(Boolean)
      .map(line => {
        const [began = '', ended = '', ...words] = line.split(' ')
        return { began: Number(began), ended: Number(ended), words }
      })
      .sort((one, other) => one.began - other.began)
  return {
    env: {
      PATH: [join(folder, 'bin'), process.env.PATH ?? ''].join(delimiter),
      BENCH_DOCKER: real.docker,
      BENCH_IMAGE: real.image,
      BENCH_TIMES: times,
      ...(real.says === undefined ? {} : { BENCH_SAYS: real.says })
    },
    spans,
    forget: () => write(times, '')
  }
}

/** Seconds from the end of each build to the beginning of the next. */
export const gapsOf = (spans: readonly Span[]): number[] =>
  spans.slice(1).map(({ began }, at) => began - (spans[at]?.ended ?? began))
