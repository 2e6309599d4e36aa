import { FLAG_KINDS, INPUT_KINDS, type OptionKindRow } from './option-kinds.js'

/** One option with what the documents say of it. */
export interface OptionRow extends OptionKindRow {
  /** What the documents show; what an absent value means is decided in options.ts. */
  readonly shownDefault: string
  readonly meaning: string
}

type OptionDoc = Pick<OptionRow, 'shownDefault' | 'meaning'>

type OptionName = ((typeof INPUT_KINDS)[number] | (typeof FLAG_KINDS)[number])['name']

const DOCS: Readonly<Record<OptionName, OptionDoc>> = {
  command: {
    shownDefault: '`build`',
    meaning: '`build`, `plan`, `generate`'
  },
  'images-files': {
    shownDefault: 'found',
    meaning:
      'manifests, built in that order. Found: in `docker`, else in `.docker`: `IMAGES.json`, `.yaml`, `.yml`'
  },
  'working-directory': {
    shownDefault: '`.`',
    meaning: "the project's root, below the workspace"
  },
  images: {
    shownDefault: 'all',
    meaning:
      "only these: a tag, a name, a file, an id, or a glob over them (`*` crosses `/`); the chain's own bases that they need come along. One that matches nothing is an error"
  },
  'skip-images': {
    shownDefault: 'none',
    meaning:
      'all but these, in the same words; wins over `images`. A skipped base is taken as the daemon or its registry has it'
  },
  'builder-args': {
    shownDefault: 'none',
    meaning: 'arguments added to every build, split as a shell splits words'
  },
  'packer-version': {
    shownDefault: 'any',
    meaning: 'a semver range; empty: the `packer` on PATH, else the newest'
  },
  'packer-plugins': {
    shownDefault: '`auto`',
    meaning:
      '`auto` (what the templates use), `none`, or a list such as `github.com/hashicorp/docker@>=1.1.2`'
  },
  'packer-releases': {
    shownDefault: "HashiCorp's",
    meaning: 'base address of the release server, or of a mirror'
  },
  'packer-releases-key': {
    shownDefault: "HashiCorp's",
    meaning: 'the OpenPGP public key that signs there, armoured, or a file of it'
  },
  'packer-template': {
    shownDefault: '`packer.json` beside the manifest',
    meaning: 'for `generate`: the template with placeholders'
  },
  check: {
    shownDefault: '`false`',
    meaning: '`generate`: write nothing, fail when a file is not up to date'
  },
  'max-parallel': {
    shownDefault: 'processors',
    meaning: 'builds at a time'
  },
  'fail-fast': {
    shownDefault: '`true`',
    meaning:
      'after a failure start nothing new; `false`: only what stands on the failed image is left out'
  },
  retries: {
    shownDefault: '`2`',
    meaning: 'for each image: further attempts after a transient failure'
  },
  'timeout-minutes': {
    shownDefault: 'none',
    meaning: 'for each image: time for one attempt'
  },
  reuse: {
    shownDefault: '`local`',
    meaning:
      'where an unchanged image may come from: any of `local`, `github`, `registry`; `off` rebuilds all'
  },
  'reuse-registry': {
    shownDefault: 'none',
    meaning:
      'the repository for `registry`, such as `ghcr.io/acme/app/chain-cache`: apart from what is published'
  },
  'max-age': {
    shownDefault: '`7d`',
    meaning:
      'an image older than this (`7d`, `12h`, `none`) is rebuilt although nothing changed, with outside bases looked up again (a warning where they cannot be) and no layer cache'
  },
  push: {
    shownDefault: '`false`',
    meaning: 'after every image has succeeded, push all tags, bases first'
  },
  squash: {
    shownDefault: '`false`',
    meaning: 'docker build --squash where the daemon can; where it is ignored, say so'
  },
  summary: {
    shownDefault: '`true`',
    meaning: 'write the job summary'
  },
  'outside-paths': {
    shownDefault: '`false`',
    meaning:
      'let manifests name files and folders outside of the project: its root, or the checkout that it is in'
  },
  'github-token': {
    shownDefault: "the workflow's token on github.com, else none",
    meaning: 'for Packer plugins that only GitHub has'
  },
  report: {
    shownDefault: 'none',
    meaning: 'write the report, a JSON file, here'
  },
  'report-html': {
    shownDefault: 'none',
    meaning: 'write the run as a page here: what failed and why, graph, times, logs'
  },
  trace: {
    shownDefault: 'none',
    meaning: 'write the times of the run here, as a trace that Perfetto opens'
  },
  format: {
    shownDefault: '`text`',
    meaning:
      'how `plan`, `list`, `doctor` and `clean` print; `plan` also as `matrix`, `stages`, `gitlab`, `bake` or `mermaid`'
  },
  'dry-run': {
    shownDefault: '`false`',
    meaning:
      '`build`: the same as `plan`; `generate`, `init`: write nothing, print what would be written'
  },
  'on-error': {
    shownDefault: '`cleanup`',
    meaning:
      "`keep`: leave a failed Packer build's container, and with the classic builder a failed Dockerfile's last layer, and tell how to enter it; `build-chain clean` removes it"
  },
  quiet: {
    shownDefault: '`false`',
    meaning: 'print results and failures only'
  },
  verbose: {
    shownDefault: '`false`',
    meaning:
      "`build`: print the plan first, and the builders' output on a terminal, too; with every error what caused it"
  },
  'docker-folder': {
    shownDefault: '`docker`, else `.docker`',
    meaning: 'the folder to look for manifests in'
  },
  'ansible-folder': {
    shownDefault: '`ansible`, else `.ansible`',
    meaning: '`generate`: what `__ANSIBLE_FOLDER` stands for'
  },
  'salt-folder': {
    shownDefault: '`salt`, else `.salt`',
    meaning: '`generate`: what `__SALT_FOLDER` stands for'
  },
  'generate-images': {
    shownDefault: '`false`',
    meaning: 'the same as `generate`'
  },
  list: {
    shownDefault: '`false`',
    meaning: 'the same as `list`'
  },
  'log-level': {
    shownDefault: '`info`',
    meaning:
      '`debug` is the same as `--verbose`; `warning`, `error` and `critical` are the same as `--quiet`'
  },
  tag: {
    shownDefault: "the folder's name, `:1.0`",
    meaning: '`init`: the tag of the image that Packer is to make, such as `acme/web:1.0`'
  },
  base: {
    shownDefault: '`debian:12`',
    meaning: '`init`: the image that the chain stands on, a Debian or Ubuntu'
  },
  systemd: {
    shownDefault: '`true`',
    meaning: '`init`: systemd runs in the container while Packer provisions it'
  },
  from: {
    shownDefault: 'none',
    meaning: '`init`: write a manifest for the Dockerfiles below this folder, and nothing else'
  },
  yes: {
    shownDefault: '`false`',
    meaning: '`init`: ask nothing, take the defaults'
  }
}

const documented = (row: OptionKindRow & { readonly name: OptionName }): OptionRow => ({
  ...row,
  ...DOCS[row.name]
})

/** Every input of the action, in the order of the documents; action.yml and the tables of the docs follow it. */
export const INPUTS: readonly OptionRow[] = INPUT_KINDS.map(documented)

/** Options that only the command line has. */
export const FLAGS: readonly OptionRow[] = FLAG_KINDS.map(documented)

/** The options of `live` besides those that find the manifest; the words after `--` are a command. */
export const LIVE_FLAGS: readonly OptionRow[] = [
  {
    name: 'provision',
    kind: 'text',
    shownDefault: 'none',
    meaning:
      'run the provisioners first, as Packer does; `--provision=WORD`: only those up to that one, by its number from 1, its name, or its script'
  },
  {
    name: 'keep',
    kind: 'boolean',
    shownDefault: '`false`',
    meaning: 'leave the container when the shell ends'
  },
  {
    name: 'detach',
    kind: 'boolean',
    shownDefault: '`false`',
    meaning: 'open no shell, leave the container, and print how to enter and to provision it'
  },
  {
    name: 'var',
    kind: 'text',
    shownDefault: 'none',
    meaning: "a variable of the template, `NAME=VALUE`; Packer's `-var` is the same"
  },
  {
    name: 'var-file',
    kind: 'text',
    shownDefault: 'none',
    meaning: "a file of variables; Packer's `-var-file` is the same"
  },
  {
    name: 'only',
    kind: 'text',
    shownDefault: 'all',
    meaning: 'the build of the template to start, where it has more than one'
  }
]

/** The environment variables of the earlier helper that `live` heeds. */
export const LIVE_VARIABLES = ['PACKER_FILE', 'DNAME', 'DOCKER_EXTRA_ARGS'] as const

/** Every output of the action, in the order of the documents. */
export const OUTPUTS: readonly { readonly name: string; readonly meaning: string }[] = [
  {
    name: 'tags',
    meaning:
      'the tags of the chain, one a line: produced and on the daemon (`plan`: those it will have)'
  },
  { name: 'tags-json', meaning: 'the same, a JSON array' },
  { name: 'built', meaning: 'the tags that this run built, one a line (the rest was reused)' },
  {
    name: 'images',
    meaning:
      'a JSON array, an object an image: `id`, `name`, `version`, `builder`, `tags`, `imageId`, `digest` (after a push), `status`, `reason`, `seconds`, `bytes`. `status`: `built`, `reused`, `failed`, `blocked` (stands on a failed one), `skipped` (not chosen, or not started after a failure)'
  },
  { name: 'report', meaning: "path of a JSON file with everything, the log files' paths too" },
  {
    name: 'matrix',
    meaning:
      '`plan`: `{"include":[…]}` for `strategy.matrix`, one leg a chain that has work: `name`, `images` (comma list, for the input of that name)'
  },
  {
    name: 'has-work',
    meaning: '`plan`: `false` when the matrix is empty, since an empty matrix fails a workflow'
  },
  {
    name: 'stages',
    meaning: '`plan`: a JSON array of matrices: every leg of one stage needs only stages before it'
  },
  { name: 'stage-count', meaning: '`plan`: how many stages there are' },
  { name: 'packer-version', meaning: 'the version of the Packer that was used' },
  { name: 'packer-path', meaning: 'the path of the Packer that was used' }
]
