import { join } from 'node:path'
import { writeProgram } from './support.js'

interface StandIn {
  readonly version?: string
  /** Types of components that it has in itself. */
  readonly builtIn?: readonly string[]
  /** Plugins that `packer plugins install` gets, as GITHUB in `github.com/OWNER/NAME` and a version. */
  readonly onGithub?: readonly (readonly [source: string, version: string])[]
  /** False for a Packer that takes no plugins and has no such command. */
  readonly takesPlugins?: boolean
  /** How often `packer plugins install` fails before it succeeds. */
  readonly failures?: number
}

const installLine = ([source, version]: readonly [string, string]): string =>
  `  ${source}) version=${version} ;;`

/**
 * A program that answers as Packer does when it is asked for its version, for a component or for its
 * plugins: plugins are those of PACKER_PLUGIN_PATH that have a `_SHA256SUM` beside them. It appends its arguments
 * to `calls` beside it.
 */
export async function writeStandIn(folder: string, standIn: StandIn = {}): Promise<string> {
  const { version = '1.15.0', builtIn = [], onGithub = [], takesPlugins = true } = standIn
  return await writeProgram(
    join(folder, 'packer'),
    'here=$(dirname "$0")',
    'echo "$*" >>"$here/calls"',
    'plugins() { [ -z "$PACKER_PLUGIN_PATH" ] || find "$PACKER_PLUGIN_PATH" -name "packer-plugin-*_SHA256SUM" | sed "s/_SHA256SUM$//"; }',
    `takes=${takesPlugins ? 'yes' : 'no'}`,
    'case "$1 $2" in',
    `"version ") echo "Packer v${version}" ;;`,
    '"plugins installed") [ $takes = yes ] || exit 127; plugins ;;',
    '"plugins install")',
    '  count=$(grep -c "plugins install github" "$here/calls")',
    `  if [ "$count" -le ${standIn.failures ?? 0} ]; then echo "rate limited, token $PACKER_GITHUB_API_TOKEN" >&2; exit 1; fi`,
    '  case "$3" in',
    ...onGithub.map(installLine),
    '  *) echo "404 not found" >&2; exit 1 ;;',
    '  esac',
    '  place=$PACKER_PLUGIN_PATH/$3; mkdir -p "$place"',
    '  file=$place/packer-plugin-$(basename "$3")_v${version}_x5.0_linux_amd64',
    '  echo "plugin $3 $version" >"$file"',
    '  sha256sum <"$file" | cut -d " " -f 1 | tr -d "\\n" >"${file}_SHA256SUM" ;;',
    'validate*)',
    `  for type in $(grep -o '"type":"[^"]*"\\|^data "[^"]*"' "$2" | sed 's/.*"\\([^"]*\\)"$/\\1/'); do`,
    `    case " null ${builtIn.join(' ')} " in *" $type "*) continue ;; esac`,
    '    if [ $takes = yes ] && plugins | grep -q "packer-plugin-${type%%-*}_"; then continue; fi',
    '    echo "The builder $type is unknown by Packer, and is likely part of a plugin"; exit 1',
    '  done',
    '  echo "Error: Failed to prepare build"; exit 1 ;;',
    '*) exit 64 ;;',
    'esac'
  )
}
