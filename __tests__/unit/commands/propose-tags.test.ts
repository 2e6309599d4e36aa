import { describe, expect, it } from 'vitest'
import { readDockerfile } from '../../../src/chain/dockerfile.js'
import { nameOfPath, proposeTags } from '../../../src/commands/propose-tags.js'

describe('the name of a Dockerfile', () => {
  it.each([
    ['Dockerfile', 'shop', undefined],
    ['Dockerfile.web', 'web', undefined],
    ['web.Dockerfile', 'web', undefined],
    ['Containerfile', 'shop', undefined],
    ['app/Dockerfile', 'app', undefined],
    ['app/Dockerfile.dev', 'app-dev', undefined],
    ['app/app.Dockerfile', 'app', undefined],
    ['docker/Dockerfile', 'shop', undefined],
    ['services/Api Server/Dockerfile', 'api-server', undefined],
    ['docker/Dockerfile.app-1.0', 'app', '1.0'],
    ['php/8.2/Dockerfile', 'php', '8.2'],
    ['php/8.2/alpine/Dockerfile', 'php', '8.2-alpine'],
    ['php/Dockerfile.8.2', 'php', '8.2'],
    ['3.11/Dockerfile', 'shop', '3.11']
  ])('at %s is %s, its version %s', (path, name, version) => {
    expect(nameOfPath(path, 'shop')).toEqual({ name, version })
  })
})

/** Dockerfiles by their paths. */
const tagsOf = (texts: Readonly<Record<string, string>>, project = 'shop') => {
  const found = Object.entries(texts).map(([path, text]) => ({
    path,
    reading: readDockerfile(text, { buildArguments: new Map() })
  }))
  return proposeTags(found, project)
}

describe('the proposed tags', () => {
  it('are those by which other Dockerfiles name an image, in FROM and in COPY', () => {
    const tags = tagsOf({
      'base/Dockerfile': 'FROM debian:12',
      'tools/Dockerfile': 'ARG V=3\nFROM acme/base:$V',
      'app/Dockerfile': 'FROM acme/base:3\nCOPY --from=acme/tools:3 /a /a'
    })
    expect(tags).toEqual(['acme/base:3', 'acme/tools:3', 'acme/app:3'])
  })

  it('are never the base of the image itself, nor a name that a registry may have', () => {
    const tags = tagsOf({
      'nginx/Dockerfile': 'FROM nginx:1.25',
      'web/Dockerfile': 'FROM nginx:1.25'
    })
    expect(tags).toEqual(['shop/nginx:latest', 'shop/web:latest'])
  })

  it('keep to the version that the path has', () => {
    const tags = tagsOf({
      'php/8.2/Dockerfile': 'FROM debian:12',
      'php/8.3/Dockerfile': 'FROM debian:12',
      'app/Dockerfile': 'FROM acme/php:8.3'
    })
    expect(tags).toEqual(['acme/php:8.2', 'acme/php:8.3', 'acme/app:8.3'])
  })

  it('are each given once', () => {
    const tags = tagsOf({
      'a/web/Dockerfile': 'FROM scratch',
      'b/web/Dockerfile': 'FROM scratch'
    })
    expect(new Set(tags).size).toBe(2)
  })
})
