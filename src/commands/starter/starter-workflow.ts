/** `.github/workflows/images.yml`; the actions of others are pinned by commit. */
export const STARTER_WORKFLOW = `name: images
on:
  push:
    branches: [main]
  pull_request:

permissions:
  contents: read

jobs:
  build:
    runs-on: ubuntu-24.04
    timeout-minutes: 60
    steps:
      - uses: actions/checkout@3d3c42e5aac5ba805825da76410c181273ba90b1 # v7.0.1
        with:
          persist-credentials: false
      - name: The templates are what .docker/packer.json makes of them
        uses: corpusops/build-chain@v1
        with:
          command: generate
          check: true
      - uses: corpusops/build-chain@v1
        id: chain
      - run: printf '%s\\n' "$TAGS"
        env:
          TAGS: \${{ steps.chain.outputs.tags }}
`
