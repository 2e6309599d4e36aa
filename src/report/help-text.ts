import { FLAGS, INPUTS, type OptionRow } from '../option-table.js'

const WIDTH = 22

const optionLine = ({ name, kind, meaning, shownDefault }: OptionRow) => {
  const flag = kind === 'boolean' ? `--[no-]${name}` : `--${name}`
  const text = `${meaning} (${shownDefault})`.replaceAll('`', '')
  return `  ${flag.padEnd(WIDTH)}  ${text}`
}

/** The text of `build-chain --help`. */
export function helpText(): string {
  const options = [...INPUTS.filter(({ name }) => name !== 'command'), ...FLAGS]
  return `build-chain [COMMAND] [OPTIONS] [IMAGE…]

Builds the images of docker/IMAGES.json in the right order, with Dockerfiles and Packer.

Commands:
  build   builds the chain (the default)
  plan    prints what would be built, in order, and why; --format text|json
  schema  prints the manifest's JSON Schema

Options (with their defaults):
${options.map(optionLine).join('\n')}

Examples:
  build-chain plan
  build-chain build --images 'corpusops/app:*'
  build-chain build --skip-images corpusops/app:1.0 --report report.json

Exit status: 0 all is well; 1 an image failed; 2 the manifest or the command line is wrong;
3 a tool or a service is missing; 130 interrupted.
`
}

declare const BUILD_CHAIN_VERSION: string

/** The text of `build-chain --version`; the version is put in by the bundler. */
export function versionText(): string {
  return `build-chain ${BUILD_CHAIN_VERSION}\n`
}
