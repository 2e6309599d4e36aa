/** A command line and what it does, for somebody who has just begun. */
type Step = readonly [line: string, does: string]

const GAP = 2

function stepsText(steps: readonly Step[]): string {
  const width = Math.max(...steps.map(([line]) => line.length)) + GAP
  return steps.map(([line, does]) => `  ${line.padEnd(width)}${does}`).join('\n')
}

const enter = (folder: string): readonly Step[] =>
  folder === '' ? [] : [[`cd ${folder}`, 'where everything is']]

/** What to do with a chain that was just written; `folder` is empty for the current one. */
export function starterSteps(folder: string, app: string): string {
  const steps: readonly Step[] = [
    ...enter(folder),
    ['build-chain plan', 'shows what would be built, in order, and why'],
    ['build-chain build', 'builds the three images; bin/build.sh does it anywhere'],
    [`docker run --rm ${app} hello`, 'runs the last one'],
    [
      'build-chain live',
      'opens a shell where Packer provisions; so does bin/run_livepacker_test.sh'
    ]
  ]
  return `Next:
${stepsText(steps)}
Change .ansible/playbooks/site_docker.yml to what your image is to be, .docker/IMAGES.json to which
images there are, and .docker/packer.json to how Packer starts its container; then build-chain generate.
`
}

/** What to do with a manifest that was made for Dockerfiles. */
export function manifestSteps(folder: string, manifest: string): string {
  const steps: readonly Step[] = [
    ...enter(folder),
    ['build-chain plan', 'shows what would be built, in order, and why'],
    ['build-chain build', 'builds it']
  ]
  return `Look through the tags and folders in ${manifest}; docs/manifest.md has every field. Next:
${stepsText(steps)}
`
}

interface Listed {
  readonly tag: string
  readonly file: string
  readonly on: readonly string[]
}

/** Images in the order in which they would be built. */
export function previewText(images: readonly Listed[]): string {
  const lines = images.map(({ tag, file, on }, at) => {
    const bases = on.length > 0 ? `, on ${on.join(' and ')}` : ''
    return `${at + 1}. ${tag} by ${file}${bases}\n`
  })
  return lines.join('')
}
