import { COMMAND_TABLE } from '../command-table.js'
import { COMMANDS } from '../flags.js'
import { optionsOf, usageOf } from './command-help.js'
import { flagOf, meaningOf, OPTIONS, STATUSES } from './help-text.js'

/** Text of a man page: https://man7.org/linux/man-pages/man7/man-pages.7.html */
const escaped = (text: string) =>
  text
    .replaceAll('\\', '\\e')
    .replaceAll('-', '\\-')
    .replaceAll('`', '')
    .replaceAll('…', '...')
    .replaceAll("'", '\\(aq')
    .replace(/^\./gm, '\\&.')

const item = (name: string, meaning: string) => `.TP\n\\fB${escaped(name)}\\fR\n${escaped(meaning)}`

function commandSection(command: (typeof COMMANDS)[number]): string {
  const { description, examples, ownOptions } = COMMAND_TABLE[command]
  const options = optionsOf(command).map(({ name }) => `--${name}`)
  return [
    `.SS ${escaped(usageOf(command))}`,
    escaped(description),
    ...(options.length > 0 ? ['.PP', escaped(`Options: ${options.join(', ')}.`)] : []),
    ...(ownOptions ?? []).map(row => item(flagOf(row), meaningOf(row))),
    ...examples.map(
      ({ line, does }) => `.PP\n${escaped(does)}:\n.PP\n.RS 4\n.nf\n${escaped(line)}\n.fi\n.RE`
    )
  ].join('\n')
}

/** The man page `build-chain(1)`, made from what the help is made from. */
export function manPage(): string {
  return `.\\" Made by script/made-files.
.TH BUILD-CHAIN 1 "" "build-chain" "User Commands"
.SH NAME
build\\-chain \\- build chains of container images with Dockerfiles and Packer
.SH SYNOPSIS
.B build\\-chain
[\\fICOMMAND\\fR] [\\fIOPTIONS\\fR] [\\fIIMAGE\\fR...]
.SH DESCRIPTION
${escaped('Builds the images of docker/IMAGES.json in the right order, with Dockerfiles and Packer, on the Docker daemon of this machine. Results go to standard output, all else to standard error.')}
.SH COMMANDS
${COMMANDS.map(commandSection).join('\n')}
.SH OPTIONS
${escaped('Defaults are in parentheses. A boolean needs no value; a list takes commas, lines, or the option once more.')}
${OPTIONS.map(row => item(flagOf(row), meaningOf(row))).join('\n')}
.SH EXIT STATUS
${STATUSES.map(([status, meaning]) => item(status, meaning)).join('\n')}
.SH ENVIRONMENT
${item('NO_COLOR, FORCE_COLOR, CI', 'No colours; colours wherever the output goes; no colours and no live view.')}
${item('IMAGES, BUILD_IMAGES, SKIP_IMAGES, IMAGES_FILE, BUILDER_ARGS, PACKER_TEMPLATE, DOCKER_FOLDER, ANSIBLE_FOLDER, SALT_FOLDER, NO_SQUASH, LOGLEVEL', 'As in docker_build_chain.py; an option wins over them.')}
.SH FILES
${item('docker/IMAGES.json, .docker/IMAGES.json', 'The manifest; .yaml and .yml, too.')}
${item('~/.local/state/build-chain', 'Logs and reports of runs, and what is known of earlier builds.')}
`
}
