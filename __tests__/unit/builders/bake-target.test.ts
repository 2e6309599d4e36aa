import { describe, expect, it } from 'vitest'
import { builderCommand } from '../../../src/builders/arguments.js'
import { bakeTarget } from '../../../src/builders/bake-target.js'
import { anImage, aPlannedImage } from '../../fixtures/image.js'

/** A target for an image whose manifest writes these arguments. */
function baked(...extraArguments: string[]) {
  const image = anImage({ extraArguments })
  const command = builderCommand(image, { builderArguments: [], squash: false })
  return bakeTarget(aPlannedImage({ image, command }), new Map())
}

const PLAIN = {
  context: '/project',
  dockerfile: '/project/Dockerfile.app',
  tags: ['corpusops/app:1.0']
}

describe('a target of a bake file', () => {
  it('has the context, the Dockerfile and the tags of the call', () => {
    expect(baked()).toEqual({ target: PLAIN, variables: [], left: [] })
  })

  it.each([
    [['--build-arg', 'A=1', '--build-arg=B=x=y'], { args: { A: '1', B: 'x=y' } }],
    [['--label', 'a.b=c', '--label=empty'], { labels: { 'a.b': 'c', empty: '' } }],
    [['--platform', 'linux/amd64,linux/arm64'], { platforms: ['linux/amd64', 'linux/arm64'] }],
    [['--target', 'final', '--network=none'], { target: 'final', network: 'none' }],
    [['--no-cache', '--pull=false'], { 'no-cache': true, pull: false }],
    [['--secret', 'id=a,env=B', '--ssh', 'default'], { secret: ['id=a,env=B'], ssh: ['default'] }],
    [
      ['--add-host', 'a:1.2.3.4', '--add-host=b=::1'],
      { 'extra-hosts': { a: '1.2.3.4', b: '::1' } }
    ],
    [['--build-context', 'src=../src'], { contexts: { src: '../src' } }],
    [
      ['--provenance=mode=max', '--sbom=false'],
      { attest: ['type=provenance,mode=max', 'type=sbom,disabled=true'] }
    ],
    [
      ['--cache-to', 'type=inline', '--push'],
      { 'cache-to': ['type=inline'], output: ['type=registry'] }
    ],
    [['--progress', 'plain', '-q', '--builder', 'x'], {}]
  ] as const)('says %j in its own words', (args, fields) => {
    expect(baked(...args)).toEqual({ target: { ...PLAIN, ...fields }, variables: [], left: [] })
  })

  it("adds further tags to the image's own", () => {
    expect(baked('-t', 'acme/more:1').target.tags).toEqual(['acme/more:1', 'corpusops/app:1.0'])
  })

  it('takes an argument without a value from the variable of its name', () => {
    const { target, variables } = baked('--build-arg', 'HTTP_PROXY')
    expect(target.args).toEqual({ HTTP_PROXY: '${HTTP_PROXY}' })
    expect(variables).toEqual(['HTTP_PROXY'])
  })

  it('keeps what HCL would take for a template', () => {
    const { target } = baked('--build-arg', 'A=${b} %{if}', '--label', '${k}=v', '-t', 'a:1')
    expect(target.args).toEqual({ A: '$${b} %%{if}' })
    expect(target.labels).toEqual({ '$${k}': 'v' })
  })

  it('names the flags that it has no word for', () => {
    expect(baked('--memory', '1g', '--squash', '--build-arg', 'a.b').left).toEqual([
      '--memory',
      '--squash',
      '--build-arg'
    ])
  })
})
