import { mkdtempSync, writeFileSync } from 'node:fs'
import { delimiter, join, relative } from 'node:path'
import { temporaryRoot } from './current-run.js'
import { which } from './which.js'

const quoted = (text: string) => `'${text.replaceAll("'", `'\\''`)}'`

/**
 * Names are taken from a list that has nothing else on its lines, and of the one with more only the first
 * character, which tells the kind: so nothing that stands in a name, or before it, is taken for something else. Each
 * list reads the whole archive, so both are made at once.
 */
const script = (tar: string, below: string, own: string) => `#!/bin/sh
tar=${quoted(tar)} below=${quoted(below)} lists=${quoted(own)}/$$
case " $* " in *' -xf '*) ;; *) exec "$tar" "$@" ;; esac
list() {
  as=$1
  shift
  count=$#
  for word; do
    [ "$word" != -xf ] || word=$as
    set -- "$@" "$word"
  done
  shift "$count"
  "$tar" "$@"
}
refuse() {
  echo "the archive holds $1, which is not what was kept" >&2
  exit 1
}
list -tvf "$@" >"$lists.kinds" &
list -tf "$@" >"$lists.names"
named=$?
wait $! && [ "$named" = 0 ] && [ -s "$lists.kinds" ] && [ -s "$lists.names" ] || exit 1
while IFS= read -r line; do
  case $line in [-d]*) ;; *) refuse "$line" ;; esac
done <"$lists.kinds" || exit 1
while IFS= read -r name; do
  case $name in "$below" | "$below"/*) ;; *) refuse "$name" ;; esac
  case \${name#"$below"} in */..*) refuse "$name" ;; esac
done <"$lists.names" || exit 1
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
  writeFileSync(join(own, 'tar'), script(tar, relative(workspace, folder), own), { mode: 0o700 })
  return [own, path].join(delimiter)
}
