import { describe, expect, it } from 'vitest'
import { builderCommand } from '../../../src/builders/arguments.js'
import { anImage } from '../../fixtures/image.js'

const plain = { builderArguments: [], squash: false }

describe('the call of docker', () => {
  it('names the file, the tag and the working directory', () => {
    expect(builderCommand(anImage({ tags: ['acme/app:1'] }), plain)).toEqual({
      tool: 'docker',
      args: ['build', '-f', '/project/Dockerfile.app', '-t', 'acme/app:1', '/project'],
      cwd: '/project'
    })
  })

  it('has everything in the order of the documents', () => {
    const image = anImage({
      tags: ['acme/app:1', 'acme/app:latest'],
      extraArguments: ['--target', 'final stage'],
      buildArguments: [
        ['B', 'x y'],
        ['A', '']
      ],
      file: '/elsewhere/Dockerfile',
      workingDirectory: '/project/context'
    })
    const request = { builderArguments: ['--no-cache', '--pull'], squash: true }
    expect(builderCommand(image, request)).toEqual({
      tool: 'docker',
      args: [
        ...['build', '--no-cache', '--pull', '--squash', '--target', 'final stage'],
        ...['--build-arg', 'B=x y', '--build-arg', 'A=', '-f', '/elsewhere/Dockerfile'],
        ...['-t', 'acme/app:1', '-t', 'acme/app:latest', '/project/context']
      ],
      cwd: '/project/context'
    })
  })

  it('hands every word on as it is, since no shell reads it', () => {
    const words = ["it's", '$HOME', '`id`', 'a b', '', '*']
    const { args } = builderCommand(anImage({ extraArguments: words }), plain)
    expect(args.slice(1, 7)).toEqual(words)
  })
})

describe('the call of packer', () => {
  it('names the template', () => {
    const image = anImage({ builder: 'packer', tags: ['acme/base:1'] })
    expect(builderCommand(image, plain)).toEqual({
      tool: 'packer',
      args: ['build', '/project/docker/packer/base-1.json'],
      cwd: '/project'
    })
  })

  it('has everything in the order of the documents, and neither tags nor squash', () => {
    const image = anImage({
      builder: 'packer',
      tags: ['acme/base:1', 'acme/base:2'],
      extraArguments: ['-only=docker'],
      buildArguments: [
        ['version', '1.10'],
        ['who', 'a b']
      ]
    })
    const { args } = builderCommand(image, { builderArguments: ['-force'], squash: true })
    expect(args).toEqual([
      ...['build', '-force', '-only=docker', '-var', 'version=1.10', '-var', 'who=a b'],
      '/project/docker/packer/base-1.json'
    ])
  })
})
