import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { dockerContext, dockerSocket } from '../../../src/adapters/docker-socket.js'
import { temporaryFolder } from '../../fixtures/temporary-folder.js'

/** A home whose docker configuration has a text. */
function home(config?: string): string {
  const folder = temporaryFolder()
  mkdirSync(join(folder, '.docker'))
  if (config !== undefined) writeFileSync(join(folder, '.docker', 'config.json'), config)
  return folder
}

const desktop = '{"currentContext":"desktop-linux","auths":{}}'

describe('the Docker context', () => {
  it('is the one in the configuration', () => {
    expect(dockerContext({ HOME: home(desktop) })).toBe('desktop-linux')
  })

  it('is looked for in DOCKER_CONFIG before the home folder', () => {
    const DOCKER_CONFIG = join(home('{"currentContext":"other"}'), '.docker')
    expect(dockerContext({ HOME: home(desktop), DOCKER_CONFIG })).toBe('other')
  })

  it('is that of DOCKER_CONTEXT before the configuration', () => {
    expect(dockerContext({ HOME: home(desktop), DOCKER_CONTEXT: 'remote' })).toBe('remote')
  })

  it('is the default where DOCKER_HOST says where the daemon is, as docker has it', () => {
    const env = { HOME: home(desktop), DOCKER_CONTEXT: 'remote', DOCKER_HOST: 'ssh://host' }
    expect(dockerContext(env)).toBe('default')
  })

  it.each([
    undefined,
    '{}',
    '{"currentContext":""}',
    '{"currentContext":7}',
    'no json',
    'null',
    '[]'
  ])('is the default where the configuration is %j', config => {
    expect(dockerContext({ HOME: home(config) })).toBe('default')
  })
})

describe('the socket', () => {
  it('is that of DOCKER_HOST', () => {
    expect(dockerSocket({ DOCKER_HOST: 'unix:///run/user/1000/docker.sock' })).toBe(
      '/run/user/1000/docker.sock'
    )
  })

  it.each(['tcp://127.0.0.1:2375', 'ssh://user@host', 'npipe:////./pipe/docker_engine'])(
    'is none where DOCKER_HOST is %s',
    DOCKER_HOST => {
      expect(dockerSocket({ DOCKER_HOST })).toBeUndefined()
    }
  )

  it('is none in a context other than the default, which docker alone knows', () => {
    expect(dockerSocket({ HOME: home(desktop) })).toBeUndefined()
    expect(dockerSocket({ HOME: home(), DOCKER_CONTEXT: 'remote' })).toBeUndefined()
  })
})
