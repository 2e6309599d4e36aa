import type { CommandName } from './flags.js'
import { LIVE_FLAGS, type OptionRow } from './option-table.js'

/** A command line with what it does. */
export interface Example {
  readonly line: string
  readonly does: string
}

/** What help, man page, completion and documents say of a command. */
export interface CommandRow {
  /** What follows its name. */
  readonly words: string
  /** Half a sentence, for lists of commands. */
  readonly summary: string
  readonly description: string
  /** Names of the options that mean something to it. */
  readonly options: readonly string[]
  /** Options that no other command has. */
  readonly ownOptions?: readonly OptionRow[]
  readonly examples: readonly Example[]
}

const MANIFESTS = ['images-files', 'docker-folder', 'working-directory', 'outside-paths'] as const
const CHOICE = ['images', 'skip-images', ...MANIFESTS] as const
const PACKER = [
  'packer-version',
  'packer-plugins',
  'packer-releases',
  'packer-releases-key',
  'github-token'
] as const
const DECISIONS = ['builder-args', 'squash', 'reuse', 'reuse-registry', 'max-age'] as const

/** Every command of the command line, in the order of the documents. */
export const COMMAND_TABLE: Readonly<Record<CommandName, CommandRow>> = {
  build: {
    words: '[IMAGE…]',
    summary:
      'builds what has changed, and prints the tags of the chain that are on the daemon then, one a line; the default',
    description:
      'Builds the images of the manifests in the order of their bases, those that do not wait for one another at the same time. What has not changed is kept. The first failure ends the run; what was built before it is printed all the same.',
    options: [
      ...CHOICE,
      ...DECISIONS,
      'max-parallel',
      'fail-fast',
      'retries',
      'timeout-minutes',
      'push',
      ...PACKER,
      'on-error',
      'report',
      'report-html',
      'trace',
      'summary',
      'dry-run',
      'quiet',
      'verbose',
      'log-level'
    ],
    examples: [
      { line: 'build-chain', does: 'builds what has changed' },
      {
        line: "build-chain build 'acme/*'",
        does: 'builds these images, and the bases that they need'
      },
      {
        line: 'build-chain build --skip-images acme/base:1.0 --report /tmp/report.json',
        does: 'takes the base as it is on the daemon, and writes a report'
      },
      {
        line: 'build-chain build --no-fail-fast --max-parallel 2',
        does: 'builds all that can be built'
      },
      { line: 'tags=$(build-chain build --quiet)', does: 'has the tags for what comes next' }
    ]
  },
  plan: {
    words: '[IMAGE…]',
    summary:
      'prints what would be built, in order, and why; starts nothing, and needs neither Docker nor Packer',
    description:
      'Prints the chosen images in the order in which they would be built, whether each is built or reused, why, and the call of its builder.',
    options: [...CHOICE, ...DECISIONS, 'format', 'summary', 'quiet', 'verbose'],
    examples: [
      { line: 'build-chain plan', does: 'shows what would be built' },
      { line: 'build-chain plan --format json app', does: 'shows it to a program, for one image' }
    ]
  },
  generate: {
    words: '[IMAGE…]',
    summary: "writes the templates of the manifest's Packer images from `packer.json`; `--check`",
    description:
      'Fills in the placeholders of packer.json, which lies beside the manifest, for every Packer image, and writes what comes out as the template of that image below packer/. Only files whose content differs are written; their paths are printed. With --check nothing is written, the differences are printed, and the exit status is 1 where there are any.',
    options: [
      ...CHOICE,
      'packer-template',
      'check',
      'ansible-folder',
      'salt-folder',
      'dry-run',
      'quiet'
    ],
    examples: [
      { line: 'build-chain generate', does: 'writes the templates that are not up to date' },
      { line: 'build-chain generate --check', does: 'fails in CI where one is not, with a diff' },
      {
        line: 'build-chain generate --packer-template shared/packer.json',
        does: 'generates from another template'
      }
    ]
  },
  list: {
    words: '[IMAGE…]',
    summary: 'prints the images, with how to build each alone',
    description:
      'Prints each image with the command line that builds it, and the bases that it needs, alone. With --quiet it prints the names only.',
    options: [...CHOICE, 'format', 'quiet'],
    examples: [
      { line: 'build-chain list', does: 'shows the images' },
      { line: 'build-chain list --format json', does: 'shows them to a program' },
      { line: "build-chain list --quiet 'acme/*'", does: 'prints the names of some of them' }
    ]
  },
  init: {
    words: '[FOLDER]',
    summary: 'writes a working chain to start from; `--from` a manifest for Dockerfiles there are',
    description:
      'Writes a chain of three images that builds at once: a base by a Dockerfile, an image that Packer provisions with an ansible playbook, systemd running meanwhile, and one by a Dockerfile on top; with scripts to build it and to try the provisioning, and a workflow. On a terminal it asks for the tag, the base and systemd. With --from it finds the Dockerfiles below a folder, and writes a manifest with a tag and a build context for each. It overwrites nothing: where one of its files is there, it names it and writes none.',
    options: [
      'tag',
      'base',
      'systemd',
      'from',
      'yes',
      'working-directory',
      'docker-folder',
      'dry-run',
      'quiet'
    ],
    examples: [
      { line: 'build-chain init', does: 'asks, and writes a chain here' },
      {
        line: 'build-chain init my-project --tag acme/web:1.0 --base ubuntu:24.04 --yes',
        does: 'writes a chain to a new folder, and asks nothing'
      },
      {
        line: 'build-chain init --from .',
        does: 'writes a manifest for the Dockerfiles that are here'
      },
      { line: 'build-chain init --from . --dry-run', does: 'prints that manifest' }
    ]
  },
  doctor: {
    words: '',
    summary: 'looks at the machine: what is there, what is missing, how to mend it',
    description:
      'Looks at Docker, BuildKit, Packer and its plugins, control groups, disk, memory and the variables of a runner, as far as the images of the manifests need them. It changes nothing. The exit status is 3 where something that is needed is missing.',
    options: [
      ...MANIFESTS,
      'packer-version',
      'packer-plugins',
      'packer-releases',
      'format',
      'quiet'
    ],
    examples: [
      { line: 'build-chain doctor', does: 'looks at the machine' },
      { line: 'build-chain doctor --format json', does: 'tells a program' },
      { line: 'build-chain doctor --quiet', does: 'says only what is wrong' }
    ]
  },
  live: {
    words: '[TEMPLATE] [-- COMMAND]',
    summary:
      'starts the container that Packer would start for a template, and opens a shell in it; `--detach`',
    description:
      "Starts a container as Packer would for the template: its run_command, volumes, privileges and variables, the provisioners' files in place. A shell opens in it, or COMMAND runs; the container goes when it ends. Without TEMPLATE it is the newest of the manifest's packer/*.json by name. PACKER_FILE, DNAME and DOCKER_EXTRA_ARGS work as in the earlier helper.",
    options: [...MANIFESTS],
    ownOptions: LIVE_FLAGS,
    examples: [
      { line: 'build-chain live', does: 'opens a shell in the container of the newest template' },
      {
        line: 'build-chain live tools-1.0.json --provision=2',
        does: 'runs the first two provisioners before'
      },
      {
        line: 'build-chain live tools-1.0.json --detach',
        does: 'leaves the container, and prints how to enter it'
      }
    ]
  },
  clean: {
    words: '',
    summary:
      'removes what `live --keep` and `build --on-error keep` left, and nothing else; `--dry-run`',
    description:
      'Removes the containers and images that were kept for a person to enter. They are known by their ids, so nothing of others is touched.',
    options: ['dry-run', 'format'],
    examples: [
      { line: 'build-chain clean --dry-run', does: 'lists what would go' },
      { line: 'build-chain clean', does: 'removes it' }
    ]
  },
  schema: {
    words: '',
    summary: "prints the manifest's JSON Schema",
    description:
      'Prints the JSON Schema of a manifest, draft 2020-12, which is images.schema.json in the package, too.',
    options: [],
    examples: [{ line: 'build-chain schema', does: 'prints the schema' }]
  },
  completion: {
    words: 'SHELL',
    summary:
      'prints what makes a shell complete commands, options and images: `bash`, `zsh`, `fish`',
    description:
      'Prints a script for bash, zsh or fish. It completes commands, options, the values of options, and the images of the manifest.',
    options: [],
    examples: [
      { line: 'eval "$(build-chain completion bash)"', does: 'in ~/.bashrc' },
      { line: 'source <(build-chain completion zsh)', does: 'in ~/.zshrc, after compinit' },
      {
        line: 'build-chain completion fish >~/.config/fish/completions/build-chain.fish',
        does: 'for fish, once'
      }
    ]
  },
  help: {
    words: '[COMMAND]',
    summary: 'explains the program, or one command with examples',
    description: 'Explains the program, or one command, as --help after that command does.',
    options: [],
    examples: [{ line: 'build-chain help generate', does: 'explains a command' }]
  }
}
