import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { runAction } from '../fixtures/program.js'
import { manifest, temporaryProject, writeTree } from '../fixtures/project.js'
import { standIns } from '../fixtures/stand-ins.js'

/** A base and an app on it, in a checkout's folder `images`. */
function checkout(base = 'FROM scratch\n'): string {
  const workspace = temporaryProject()
  writeTree(workspace, {
    'images/docker/IMAGES.json': manifest(
      { tag: 'acme/base:1', dockerfile: 'base.Dockerfile' },
      { tag: 'acme/app:1', dockerfile: 'app.Dockerfile', tags: ['acme/app:stable'] }
    ),
    'images/base.Dockerfile': base,
    'images/app.Dockerfile': 'FROM acme/base:1\n'
  })
  return workspace
}

const INPUTS = { 'working-directory': 'images' }

describe('a step that builds', () => {
  it('hands tags, ids and statuses to later steps', async () => {
    const tools = standIns()
    const step = await runAction({ workspace: checkout(), inputs: INPUTS, env: tools.env })
    expect(step.status).toBe(0)
    expect(step.outputs.tags).toBe('acme/base:1\nacme/app:1\nacme/app:stable')
    expect(JSON.parse(step.outputs['tags-json'] ?? '')).toEqual(step.outputs.tags?.split('\n'))
    expect(step.outputs.built).toBe(step.outputs.tags)
    const ids = new Map(tools.images().flatMap(({ id, tags }) => tags.map(tag => [tag, id])))
    expect(JSON.parse(step.outputs.images ?? '')).toMatchObject([
      {
        id: 'dockerfile__acme/base:1',
        name: 'base',
        version: '1',
        builder: 'dockerfile',
        status: 'built',
        imageId: ids.get('acme/base:1'),
        digest: null,
        bytes: 1000
      },
      {
        id: 'dockerfile__acme/app:1',
        tags: ['acme/app:1', 'acme/app:stable'],
        status: 'built',
        imageId: ids.get('acme/app:1')
      }
    ])
  })

  it('reports what was built before a failure, fails, and annotates the image in its manifest', async () => {
    const workspace = checkout()
    writeTree(workspace, {
      'images/app.Dockerfile': 'FROM acme/base:1\n# say no space left\n# exit 9\n'
    })
    const step = await runAction({
      workspace,
      inputs: INPUTS,
      env: { ...standIns().env, KEEP_STEP: '1' }
    })
    expect(step.status).toBe(1)
    expect(step.outputs.tags).toBe('acme/base:1')
    expect(step.stdout).toMatch(
      /^::error title=acme\/app%3A1 failed%3A docker ended with exit status 9,file=images\/docker\/IMAGES\.json,line=7,col=5::.*no space left/m
    )
    const report = JSON.parse(readFileSync(step.outputs.report ?? '', 'utf8')) as {
      images: { failure: { exitStatus: number } | null }[]
    }
    expect(report.images[1]?.failure?.exitStatus).toBe(9)
  })

  it('groups the output of each image and lets it speak no workflow command', async () => {
    const workspace = checkout(
      'FROM scratch\n# say ::set-output name=tags::evil\n# say ::error::evil\n'
    )
    const step = await runAction({ workspace, inputs: INPUTS, env: standIns().env })
    const fenced =
      /::group::acme\/base:1\n::stop-commands::([0-9a-f]{64})\n([^]*?)\n::\1::\n::endgroup::/.exec(
        step.stdout
      )
    expect(fenced?.[2]).toContain('::error::evil')
    expect(step.stdout.replace(fenced?.[0] ?? '', '')).not.toContain('evil')
    expect(step.outputs.tags).not.toContain('evil')
  })

  it('masks the token and keeps it from builders', async () => {
    const tools = standIns()
    const step = await runAction({
      workspace: checkout('FROM scratch\n# env INPUT_GITHUB-TOKEN\n'),
      inputs: { ...INPUTS, 'github-token': 'ghs_secret' },
      env: tools.env
    })
    expect(step.stdout).toContain('::add-mask::ghs_secret')
    expect(JSON.stringify(tools.calls())).not.toContain('ghs_secret')
  })

  it('takes its options from inputs alone', async () => {
    const tools = standIns()
    const env = { ...tools.env, IMAGES: 'acme/base:1', SKIP_IMAGES: 'acme/base:1' }
    const step = await runAction({ workspace: checkout(), inputs: INPUTS, env })
    expect(step.outputs.tags).toContain('acme/app:1')
    expect(step.outputs.tags).toContain('acme/base:1')
  })

  it('lists everything that is wrong with its inputs in one error', async () => {
    const step = await runAction({
      workspace: checkout(),
      inputs: { ...INPUTS, 'fail-fast': 'yes', 'max-parallel': '0', command: 'bild' },
      env: standIns().env
    })
    expect(step.status).toBe(2)
    const error = /^::error.*$/m.exec(step.stdout)?.[0]
    for (const name of ['fail-fast', 'max-parallel', 'command']) expect(error).toContain(name)
  })
})

describe('a step that plans', () => {
  it('gives the tags that the chain will have, and builds nothing', async () => {
    const tools = standIns()
    const step = await runAction({
      workspace: checkout(),
      inputs: { ...INPUTS, command: 'plan' },
      env: tools.env
    })
    expect(step.outputs.tags).toBe('acme/base:1\nacme/app:1\nacme/app:stable')
    expect(tools.builds()).toEqual([])
  })
})

describe('the post step', () => {
  it('asks nothing after a run that has ended by itself', async () => {
    const tools = standIns()
    const workspace = checkout()
    const main = await runAction({ workspace, inputs: INPUTS, env: tools.env })
    expect(main.state.label).toMatch(/^io\.github\.corpusops\.build-chain\.run=[0-9a-f]+$/)
    const post = await runAction({ workspace, entry: 'post.js', state: main.state, env: tools.env })
    expect(post.status).toBe(0)
    expect(post.stdout).toBe('')
    expect(tools.calls().filter(({ args }) => args[0] === 'ps')).toEqual([])
  })
})
