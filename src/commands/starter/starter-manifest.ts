import type { StarterAnswers } from './answers.js'

/** Where editors find what a manifest may have. */
export const SCHEMA_ADDRESS =
  'https://raw.githubusercontent.com/corpusops/build-chain/v1/images.schema.json'

/** The tags of the three images, in the order in which they stand on one another. */
export function starterTags({ repository, name, version }: StarterAnswers) {
  const tag = (suffix: string) => `${repository}${name}${suffix}:${version}`
  return { base: tag('-base'), packer: tag(''), app: tag('-app') }
}

const WAIT_FOR_SERVICE =
  'for try in $(seq 60); do systemctl is-active hello.service && exit; sleep 1; done; exit 1'

/** Tried in the container that Packer would start, systemd being up or on its way. */
const packerTest = ({ systemd }: StarterAnswers) => (systemd ? WAIT_FOR_SERVICE : 'hello')

/** `.docker/IMAGES.json`. */
export function starterManifest(answers: StarterAnswers): string {
  const tags = starterTags(answers)
  const images = [
    { tag: tags.base, dockerfile: '.docker/base/Dockerfile' },
    { tag: tags.packer, test: packerTest(answers) },
    {
      tag: tags.app,
      dockerfile: 'Dockerfile',
      build_args: { VERSION: '{version}' },
      test: ['hello']
    }
  ]
  return `${JSON.stringify({ $schema: SCHEMA_ADDRESS, images }, null, 2)}\n`
}
