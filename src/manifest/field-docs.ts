import type { ImageField } from './manifest-types.js'

/** What the documentation says of a field. */
export interface FieldDoc {
  /** What an absent field means; empty where that is nothing. */
  readonly default: string
  readonly meaning: string
}

/** The fields of an image in the order of the documentation: for its table and for the JSON Schema. */
export const FIELD_DOCS: Readonly<Record<ImageField, FieldDoc>> = {
  builder_type: {
    default: '`packer`; `dockerfile` where `dockerfile` is given',
    meaning: 'What builds the image: `packer` or `dockerfile`; `docker` means `dockerfile`.'
  },
  file: {
    default:
      'packer: `NAME-VERSION.json`, or `NAME.json`; dockerfile: `Dockerfile.NAME-VERSION` where a version is written, else `Dockerfile`',
    meaning:
      "The template or Dockerfile. packer: below the manifest's `packer/`; dockerfile: below `working_dir`, else below the manifest's `dockerfile/` or `docker/`. Packer takes `.json`, `.pkr.hcl`, `.pkr.json` and folders."
  },
  dockerfile: { default: '', meaning: '`file`, and `dockerfile` as the builder.' },
  docker_file: { default: '', meaning: 'The same as `dockerfile`.' },
  tag: {
    default:
      'dockerfile: required, or `name` with `version`; packer: what the template tags, else `NAME:VERSION` where both are written, else none, with a warning',
    meaning:
      'A full image reference: a registry with or without a port, any depth of path. The name and the version come from it.'
  },
  name: {
    default: "from `tag` (it wins), else the root folder's name less `setups.`",
    meaning: "The image's name."
  },
  version: {
    default: "from `tag` (it wins), else the file's name less its extension, else `latest`",
    meaning: 'The version, a string: the YAML number `1.10` would be `1.1`.'
  },
  working_dir: {
    default: "the folder above the manifest's",
    meaning:
      'The build context and working directory, relative to the manifest; where only the root has it, that one, with a warning.'
  },
  extra_args: {
    default: '',
    meaning:
      'Arguments for the builder: a string, split as a shell splits words (no shell runs; a `$` or a backtick warns), or a list.'
  },
  build_args: { default: '', meaning: 'A map, each a `--build-arg` (packer: `-var`).' },
  tags: { default: '', meaning: 'Further tags of the same image.' },
  depends_on: {
    default: "what FROM, COPY --from and a template's `image` say",
    meaning: 'Further images of the manifest that come first.'
  },
  inputs: {
    default: 'what the builder can see',
    meaning: 'Files and globs whose change means a rebuild.'
  },
  test: {
    default: '',
    meaning:
      "A command (a string for the image's `/bin/sh -c`, or a list) run in a container of the new image, started as its builder would start it; what stands on the image, and `push`, wait for it."
  },
  push: { default: '`true`', meaning: '`false`: never pushed.' },
  timeout: { default: "the run's", meaning: 'Minutes for one attempt.' },
  retries: { default: "the run's", meaning: 'Further attempts after a transient failure.' },
  matrix: {
    default: '',
    meaning:
      'A map from a name to a list of strings: one image for each combination, the names usable as `{name}`.'
  }
}
