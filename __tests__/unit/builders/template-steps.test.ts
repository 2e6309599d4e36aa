import { describe, expect, it } from 'vitest'
import type { FileStep, ShellStep, TemplateStep } from '../../../src/builders/template-steps.js'
import { dockerBuilder, dockerSource, readHcl, readJson, shown } from './template-support.js'

const stepsOf = async (provisioners: object[]): Promise<readonly TemplateStep[]> =>
  (await readJson({ builders: [dockerBuilder()], provisioners })).builders[0]?.steps ?? []

const shell = (step: TemplateStep | undefined) => step as ShellStep
const file = (step: TemplateStep | undefined) => step as FileStep

describe('the provisioners of a template', () => {
  it('are read in order with their numbers, types and places', async () => {
    const steps = await stepsOf([
      { type: 'shell', inline: ['a', 'b'] },
      { type: 'file', source: 'x', destination: '/x' },
      { type: 'ansible-local', playbook_file: 'p.yml' }
    ])
    expect(steps.map(({ number, type, kind }) => [number, type, kind])).toEqual([
      [1, 'shell', 'shell'],
      [2, 'file', 'file'],
      [3, 'ansible-local', 'other']
    ])
    expect(shown(shell(steps[0]).inline ?? [])).toEqual(['a', 'b'])
    expect(shown(file(steps[1]).sources)).toEqual(['x'])
    expect(steps[1]?.place.position?.line).toBeGreaterThan(1)
  })

  it('leave to the run what differs by script in execute_command, whatever its spaces', async () => {
    const [step] = await stepsOf([
      { type: 'shell', script: 's.sh', execute_command: 'sudo {{ .Vars }} {{.Path}}' }
    ])
    expect(shown([shell(step).executeCommand])).toEqual(['sudo {{.Vars}} {{.Path}}'])
  })

  it('are read with what is overridden for the build in its place', async () => {
    const steps = await stepsOf([
      {
        type: 'shell',
        script: 's.sh',
        remote_folder: '/a',
        override: { docker: { remote_folder: '/b' } }
      },
      { type: 'shell', inline: ['x'] }
    ])
    expect(steps).toHaveLength(2)
    expect(shown([shell(steps[0]).remoteFolder])).toEqual(['/b'])
    expect(shown(shell(steps[0]).scripts)).toEqual(['s.sh'])
  })

  it('tell an upload from a download', async () => {
    const steps = await stepsOf([
      { type: 'file', sources: ['a', 'b'], destination: '/x/' },
      { type: 'file', source: '/x', destination: 'here', direction: 'download' }
    ])
    expect(steps.map(step => file(step).isUpload)).toEqual([true, false])
  })

  it('are read from HCL the same way, with their names and variables', async () => {
    const template = await readHcl(
      dockerSource(
        'image = "base:1"',
        `provisioner "shell" {
           name = "greet"
           env = { WHO = "me" }
           execute_command = "{{ .Vars }} sh {{ .Path }}"
           inline = ["echo \${source.type}"]
           override = { one = { skip_clean = true } }
         }`
      )
    )
    const step = shell(template.builders[0]?.steps[0])
    expect(shown([step.name, step.executeCommand, ...(step.inline ?? [])])).toEqual([
      'greet',
      '{{.Vars}} sh {{.Path}}',
      'echo docker'
    ])
    expect(step.environmentMap.flatMap(shown)).toEqual(['WHO', 'me'])
    expect(step.skipClean).toBe(true)
  })
})
