import { readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { openAnswers, pluginFolders } from '../../../src/packer/plugin-answers.js'
import { parseVerdict, probeTemplate } from '../../../src/packer/plugin-question.js'
import { writeStandIn } from './stand-in-packer.js'
import { filesIn, processExec, temporary, writeProgram } from './support.js'

const docker = { kind: 'builder', type: 'docker' } as const
const tag = { kind: 'post-processor', type: 'docker-tag' } as const
const ansible = { kind: 'provisioner', type: 'ansible' } as const

describe('what Packer says of a component', () => {
  it.each([
    [
      '1.6',
      'Error: Failed to initialize build "x"\n\nerror initializing builder \'x\': Unknown builder x\n'
    ],
    ['1.6', "error initializing provisioner 'x': Unknown provisioner x"],
    ['1.6', "error initializing post-processor 'x': Unknown post-processor x"],
    ['1.6', 'Error: Unsupported block type\n\nBlocks of type "data" are not expected here.'],
    [
      '1.15',
      'The post-processor docker-tag is unknown by Packer, and is likely part of a\nplugin that is not installed.'
    ],
    ['1.15', 'The builder some-very-long-name-that-is-folded is unknown\nby Packer, and'],
    ['1.15', 'Error: Failed to initialize build "x"\n\nDid you mean to use "docker"?'],
    ['1.15', 'Error: Unknown data type amazon-ami\n\nknown data sources: [http null]']
  ])('in %s is that it does not know it: %j', (_version, text) => {
    expect(parseVerdict({ status: 1, stdout: text, stderr: '' })).toBe(false)
  })

  it.each([
    'The configuration is valid.',
    'Error: Failed to prepare build: "docker"\n\n2 error(s) occurred:\n\n* Image must be specified',
    'Error: Failed to prepare build: "null"\n\n* playbook_file must be specified.\n* Error running "ansible-playbook --version": exec: "ansible-playbook":\nexecutable file not found in $PATH'
  ])('is that it knows it: %j', text => {
    expect(parseVerdict({ status: 1, stdout: '', stderr: text })).toBe(true)
  })

  it('may be neither', () => {
    const stderr = "found duplicate builder 'docker'"
    expect(parseVerdict({ status: 1, stdout: '', stderr })).toBeUndefined()
    expect(parseVerdict({ status: 0, stdout: '', stderr: '' })).toBe(true)
  })

  it('is asked by a template with nothing but the components', () => {
    expect(JSON.parse(probeTemplate([docker]).text)).toEqual({
      builders: [{ type: 'docker' }],
      provisioners: [],
      'post-processors': []
    })
    expect(JSON.parse(probeTemplate([tag, ansible]).text)).toEqual({
      builders: [{ type: 'null', communicator: 'none' }],
      provisioners: [{ type: 'ansible' }],
      'post-processors': [{ type: 'docker-tag' }]
    })
    expect(probeTemplate([{ kind: 'data-source', type: 'amazon-ami' }])).toEqual({
      name: 'probe.pkr.hcl',
      text: 'data "amazon-ami" "probe" {\n}\n'
    })
  })
})

describe('an answer of Packer', () => {
  async function open(plugins = 'none') {
    const folder = await temporary()
    const path = await writeStandIn(folder, { builtIn: ['docker', 'docker-tag'] })
    const env = { PATH: '/usr/bin:/bin', PACKER_PLUGIN_PATH: join(folder, plugins) }
    const packer = { path, version: '1.15.0', exec: processExec(''), env }
    const calls = async () => (await readFile(join(folder, 'calls'), 'utf8')).split('\n').length - 1
    return { folder, packer, calls, answers: join(folder, 'answers') }
  }

  it('is kept: it is not asked twice', async () => {
    const { packer, calls, answers } = await open()
    for (let time = 0; time < 3; time++) {
      const open = await openAnswers(packer, answers)
      expect(await open.has(docker)).toBe(true)
      expect(await open.has(ansible)).toBe(false)
    }
    expect(await calls()).toBe(2)
    expect(await filesIn(answers)).toHaveLength(1)
  })

  it('is asked for again when Packer or its plugins have changed', async () => {
    const { packer, calls, answers, folder } = await open('.')
    expect(await (await openAnswers(packer, answers)).has(docker)).toBe(true)
    await writeFile(join(folder, 'another-plugin'), '')
    expect(await (await openAnswers(packer, answers)).has(docker)).toBe(true)
    expect(await calls()).toBe(2)
    const other = { ...packer, version: '1.15.1' }
    expect(await (await openAnswers(other, answers)).has(docker)).toBe(true)
    expect(await calls()).toBe(3)
  })

  it('about several at once takes one question when Packer has them all', async () => {
    const { packer, calls, answers } = await open()
    const first = await openAnswers(packer, answers)
    await first.prepare([docker, tag, docker])
    expect([await first.has(docker), await first.has(tag)]).toEqual([true, true])
    expect(await calls()).toBe(1)
    await first.prepare([docker, ansible])
    await first.prepare([ansible, { kind: 'provisioner', type: 'chef-solo' }])
    expect(await first.has(ansible)).toBe(false)
    expect(await calls()).toBe(3)
  })

  it('that is unclear counts as a yes, and is not kept', async () => {
    const { packer, answers, folder } = await open()
    await writeProgram(join(folder, 'packer'), 'echo "no memory left"; exit 2')
    expect(await (await openAnswers(packer, answers)).has(ansible)).toBe(true)
    const silent = { ...packer, path: join(folder, 'no-such-program') }
    expect(await (await openAnswers(silent, answers)).has(ansible)).toBe(true)
    expect(await filesIn(answers)).toEqual([])
  })

  it('that cannot be read is asked for again', async () => {
    const { packer, answers } = await open()
    await (await openAnswers(packer, answers)).has(docker)
    const [file = ''] = await filesIn(answers)
    await writeFile(join(answers, file), '{')
    expect(await (await openAnswers(packer, answers)).has(docker)).toBe(true)
  })
})

describe('the folders of plugins', () => {
  it('are those of PACKER_PLUGIN_PATH, else those of Packer’s settings', () => {
    expect(pluginFolders({ PACKER_PLUGIN_PATH: '/a:/b' })).toEqual(['/a', '/b'])
    expect(pluginFolders({ HOME: '/h', XDG_CONFIG_HOME: '/x' })).toEqual([
      '/h/.packer.d/plugins',
      '/h/packer.d/plugins',
      '/x/packer/plugins'
    ])
    expect(pluginFolders({ HOME: '/h', PACKER_CONFIG_DIR: '/c' })[0]).toBe('/c/.packer.d/plugins')
  })
})
