import { mkdtempSync, writeFileSync } from 'node:fs'
import { delimiter, join, relative } from 'node:path'
import { temporaryRoot } from './current-run.js'
import { which } from './which.js'

const quoted = (text: string) => `'${text.replaceAll("'", `'\\''`)}'`

/**
 * What each line of `tar -tv` begins with, up to the name: GNU's and busybox's have five words there, BSD's eight
 * (https://www.gnu.org/software/tar/manual/html_section/list.html).
 */
const script = (tar: string, below: string) => `#!/bin/sh
tar=${quoted(tar)} below=${quoted(below)}
case " $* " in *' -xf '*) ;; *) exec "$tar" "$@" ;; esac
list() {
  count=$#
  for word; do
    [ "$word" != -xf ] || word=-tvf
    set -- "$@" "$word"
  done
  shift "$count"
  "$tar" --numeric-owner "$@"
}
names() {
  case $("$tar" --version) in
    bsdtar*) while read -r kind _ _ _ _ _ _ _ name; do printf '%s %s\\n' "$kind" "$name"; done ;;
    *) while read -r kind _ _ _ _ name; do printf '%s %s\\n' "$kind" "$name"; done ;;
  esac
}
refuse() {
  echo "the archive holds $1, which is not what was kept" >&2
  exit 1
}
found=$(list "$@") || exit
found=$(printf '%s\\n' "$found" | names)
while read -r kind name; do
  case $kind in [-d]*) ;; *) refuse "$name" ;; esac
  case $name in "$below" | "$below"/*) ;; *) refuse "$name" ;; esac
  case \${name#"$below"} in */..*) refuse "$name" ;; esac
done <<END
$found
END
exec "$tar" "$@"
`

/**
 * The search path for a client of GitHub's cache, which unpacks archives by `tar -P` to wherever they say: with a
 * `tar` first that refuses whatever is no file or folder below one folder.
 * @param folder absolute; what was kept of it is unpacked to it
 * @param workspace from which names in archives count
 */
export function guardedPath(folder: string, workspace: string, path = process.env.PATH): string {
  const tar = which('tar', path)
  if (!tar || process.platform === 'win32') return path ?? ''
  const own = mkdtempSync(join(temporaryRoot(), 'build-chain-tar-'))
  writeFileSync(join(own, 'tar'), script(tar, relative(workspace, folder)), { mode: 0o700 })
  return [own, path].join(delimiter)
}
