import { describe, expect, it } from 'vitest'
import { onDaemon, writeApp } from '../../fixtures/reuse-checks.js'
import { dockerfileImage, type ReuseProject, reuseProject } from '../../fixtures/reuse-project.js'

const DAY = 86_400

function project(): ReuseProject {
  const made = reuseProject()
  onDaemon(made, 'base:1')
  made.write('f', '1')
  writeApp(made, 'FROM base:1\nRUN apt-get update\nCOPY f /\n')
  return made
}

const later = (days: number) => ({ maxAge: 7 * DAY, now: Date.now() / 1000 + days * DAY })

async function planned(made: ReuseProject, days: number) {
  const { plan } = await made.plan(later(days))
  return plan.images.map(({ action, reason, fresh }) => ({ action, reason, fresh })).at(-1)
}

describe('an image that is older than max-age', () => {
  it('is built without a layer cache although nothing changed', async () => {
    const made = project()
    await made.build()
    expect(await planned(made, 6)).toMatchObject({ action: 'reuse' })
    expect(await planned(made, 8)).toEqual({
      action: 'build',
      reason: 'older than 7d',
      fresh: true
    })
  })

  it('is built without a layer cache where something changed too', async () => {
    const made = project()
    await made.build()
    made.write('f', '2')
    expect(await planned(made, 8)).toMatchObject({ action: 'build', fresh: true })
  })

  it('is built without a layer cache where its base is rebuilt too', async () => {
    const made = reuseProject()
    onDaemon(made, 'base:1')
    made.write('Dockerfile.mid', 'FROM base:1\n')
    made.write('Dockerfile.app', 'FROM mid:1\nRUN apt-get update\n')
    made.manifest(dockerfileImage('mid'), dockerfileImage('app'))
    await made.build()
    expect(await planned(made, 8)).toMatchObject({ action: 'build', fresh: true })
  })

  it('is one whose time lies ahead, as after a wrong clock', async () => {
    const made = project()
    await made.build()
    expect(await planned(made, -300)).toMatchObject({ action: 'build' })
  })
})

it('the age counts from the last build without a layer cache', async () => {
  const made = project()
  await made.build()
  made.write('f', '2')
  await made.build(later(5))
  expect(await planned(made, 8)).toMatchObject({ action: 'build', fresh: true })
})
