import { expect, it } from 'vitest'
import { onDaemon } from '../../fixtures/reuse-checks.js'
import { dockerfileImage, reuseProject } from '../../fixtures/reuse-project.js'

it('a build does not make the daemon list all that it has, once an image', async () => {
  const made = reuseProject()
  onDaemon(made, 'base:1')
  made.write('Dockerfile.one', 'FROM base:1\n')
  made.write('Dockerfile.two', 'FROM one:1\n')
  made.manifest(dockerfileImage('one', {}), dockerfileImage('two', {}))
  let lists = 0
  const { images } = made.engine
  made.engine.images = () => {
    lists += 1
    return images()
  }
  const { results } = await made.build()
  expect(results.map(({ status }) => status)).toEqual(['built', 'built'])
  expect(results.filter(({ reason }) => reason.includes('not recorded'))).toEqual([])
  expect(lists).toBe(0)
})
