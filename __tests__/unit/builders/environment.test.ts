import { describe, expect, it } from 'vitest'
import { builderEnvironment } from '../../../src/builders/environment.js'

const kept = (env: Record<string, string | undefined>) => Object.keys(builderEnvironment(env))

describe('the environment of builders', () => {
  it('has what the machine and the workflow set', () => {
    const env = { PATH: '/bin', HOME: '/home/u', CI: 'true', GITHUB_SHA: 'abc', EMPTY: '' }
    expect(builderEnvironment(env)).toEqual(env)
  })

  it.each([
    'INPUT_GITHUB-TOKEN',
    'INPUT_PACKER-RELEASES-KEY',
    'ACTIONS_RUNTIME_TOKEN',
    'ACTIONS_ID_TOKEN_REQUEST_TOKEN',
    'ACTIONS_RESULTS_URL',
    'ACTIONS_CACHE_URL',
    'GITHUB_TOKEN',
    'STATE_label'
  ])('has no %s, which is a credential or an input of ours', name => {
    expect(kept({ [name]: 'secret', PATH: '/bin' })).toEqual(['PATH'])
  })

  it.each(['OUTPUT', 'ENV', 'PATH', 'STATE', 'STEP_SUMMARY'])(
    'has no GITHUB_%s, a file that speaks to the runner',
    name => {
      expect(kept({ [`GITHUB_${name}`]: '/tmp/file', PATH: '/bin' })).toEqual(['PATH'])
    }
  )

  it('hides a name however it is written, since Windows knows no difference', () => {
    expect(kept({ github_token: 'a', Input_x: 'b', actions_y: 'c' })).toEqual([])
  })

  it('keeps names that only look alike', () => {
    const names = ['MY_INPUT_X', 'GITHUB_ACTIONS', 'GITHUB_TOKENS', 'TRANSACTIONS_X']
    expect(kept(Object.fromEntries(names.map(name => [name, '1'])))).toEqual(names)
  })

  it('has no options meant for the Node.js that runs this program', () => {
    expect(kept({ NODE_OPTIONS: '--max-old-space-size=64' })).toEqual([])
  })

  it('has no variable without a value', () => {
    expect(kept({ A: undefined })).toEqual([])
  })
})
