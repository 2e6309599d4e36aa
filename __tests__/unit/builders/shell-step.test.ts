import { describe, expect, it } from 'vitest'
import {
  environmentFile,
  environmentText,
  isGoodStatus,
  milliseconds,
  shellCommand,
  shellUploads
} from '../../../src/builders/shell-step.js'
import type { ShellStep } from '../../../src/builders/template-steps.js'
import { dockerBuilder, readJson } from './template-support.js'

const NAMES = { buildName: 'docker', builderType: 'docker' }

const stepOf = async (settings: object): Promise<ShellStep> => {
  const provisioners = [{ type: 'shell', ...settings }]
  const template = await readJson({ builders: [dockerBuilder()], provisioners })
  return template.builders[0]?.steps[0] as ShellStep
}

const command = async (settings: object) => shellCommand(await stepOf(settings), '/tmp/s', NAMES)

describe('a shell provisioner', () => {
  it('runs its script with the variables before it, sorted and quoted as Packer does', async () => {
    expect(await command({ script: 's', environment_vars: ["A=it's", 'Z=x=y'] })).toBe(
      `(chmod +x /tmp/s; A='it'"'"'s' PACKER_BUILDER_TYPE='docker' PACKER_BUILD_NAME='docker' Z='x=y'  /tmp/s)`
    )
  })

  it('runs what execute_command says, and takes a dollar in a variable as it is', async () => {
    const settings = { script: 's', execute_command: 'sudo {{.Vars}}sh {{ .Path }}' }
    expect(await command({ ...settings, environment_vars: ['A=$&'] })).toContain("(sudo A='$&' ")
    expect(await command(settings)).toMatch(/sh \/tmp\/s\)$/)
  })

  it('reads its variables from a file where it asks for one', async () => {
    const step = await stepOf({
      script: 's',
      use_env_var_file: true,
      remote_folder: '/root',
      environment_vars: ['A=b']
    })
    expect(environmentFile(step)).toBe('/root/varfile_1.sh')
    expect(environmentText(step, NAMES)).toMatch(/^export A='b'\n/)
    expect(shellCommand(step, '/root/s', NAMES)).toBe(
      '(chmod +x /root/s; . /root/varfile_1.sh && /root/s)'
    )
  })

  it('puts its scripts where it says, else below /tmp by its number', async () => {
    const paths = async (settings: object) =>
      shellUploads(await stepOf(settings)).map(({ remotePath }) => remotePath)
    expect(await paths({ script: 'a' })).toEqual(['/tmp/script_1.sh'])
    expect(await paths({ scripts: ['a', 'b'] })).toEqual([
      '/tmp/script_1_1.sh',
      '/tmp/script_1_2.sh'
    ])
    expect(await paths({ script: 'a', remote_folder: '/root' })).toEqual(['/root/script_1.sh'])
    expect(await paths({ script: 'a', remote_file: 'x', remote_folder: '/root' })).toEqual([
      '/root/x'
    ])
    expect(await paths({ script: 'a', remote_path: '/y' })).toEqual(['/y'])
  })

  it('makes a script of its lines, with the shebang that Packer gives it', async () => {
    const text = async (settings: object) => shellUploads(await stepOf(settings))[0]?.source.text
    expect(await text({ inline: ['a', 'b'] })).toBe('#!/bin/sh -e\na\nb\n')
    expect(await text({ inline: ['a'], inline_shebang: '/bin/bash -ex' })).toBe(
      '#!/bin/bash -ex\na\n'
    )
    expect(await text({ inline: ['#!/bin/sh', 'a'] })).toBe('#!/bin/sh\na\n')
  })

  it('has done well with 0, or with the statuses that it lists', async () => {
    const plain = await stepOf({ script: 's' })
    const listed = await stepOf({ script: 's', valid_exit_codes: [2, 3] })
    expect([0, 1].map(status => isGoodStatus(plain, status))).toEqual([true, false])
    expect([0, 2, 3].map(status => isGoodStatus(listed, status))).toEqual([false, true, true])
  })

  it('refuses what only Packer can tell, with its place', async () => {
    const step = await stepOf({ inline: ['echo {{timestamp}}'] })
    expect(() => shellUploads(step)).toThrow(/provisioner 1 is not known: timestamp changes/)
  })
})

it.each([
  ['10s', 10_000],
  ['1m30s', 90_000],
  ['250ms', 250],
  ['soon', 0]
])('the duration %s is %i milliseconds', (text, expected) => {
  expect(milliseconds(text)).toBe(expected)
})
