import { mkdtempSync, writeFileSync } from 'node:fs'
import { delimiter, join } from 'node:path'
import { temporaryRoot } from './current-run.js'
import { shellWord } from './shell-word.js'
import { which } from './which.js'

/**
 * Without `-P` GNU's tar and that of BSD unpack nothing above the folder of `-C`, whatever names, links and hard links
 * an archive has (https://www.gnu.org/software/tar/manual/html_node/absolute.html,
 * https://man.freebsd.org/cgi/man.cgi?bsdtar). Nor are owners and rights taken from it, which could shut out who is to
 * read and remove what came.
 */
const script = (tar: string) => `#!/bin/sh
tar=${shellWord(tar)} before= place=
case " $* " in *' -xf '*) ;; *) exec "$tar" "$@" ;; esac
unset TAR_OPTIONS
for word; do
  shift
  [ "$word" = -P ] || set -- "$@" "$word"
  [ "$before" != -C ] || place=$word
  before=$word
done
"$tar" "$@" --no-same-owner --no-same-permissions
status=$?
chmod -R u=rwX,go= "$place"
exit "$status"
`

/** What the client calls; the second on a Mac that has it. */
const NAMES = ['tar', 'gtar']

/**
 * The search path for a client of GitHub's cache, which unpacks archives by `tar -P` to wherever they say: with a
 * `tar` first that unpacks below the folder that the client gives it, and nowhere else.
 */
export function guardedPath(path = process.env.PATH): string {
  const found =
    process.platform === 'win32' ? [] : NAMES.map(name => [name, which(name, path)] as const)
  const own = mkdtempSync(join(temporaryRoot(), 'build-chain-tar-'))
  for (const [name, tar] of found) {
    if (tar) writeFileSync(join(own, name), script(tar), { mode: 0o700 })
  }
  return [own, path].join(delimiter)
}
