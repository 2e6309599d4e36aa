import { describe, expect, it } from 'vitest'
import { readDockerfile } from '../../../src/chain/dockerfile.js'
import { proposeManifest } from '../../../src/commands/propose-manifest.js'

const REQUEST = { root: '/shop', tree: '/shop', folder: '.docker', project: 'shop' }

/** What is proposed for one Dockerfile in a project that has these files. */
function propose(path: string, text: string, ...files: readonly string[]) {
  const reading = readDockerfile(text, { buildArguments: new Map() })
  const exists = (file: string) => files.includes(file)
  const { text: manifest, doubts } = proposeManifest([{ path, reading }], REQUEST, { exists })
  return { ...JSON.parse(manifest).images[0], doubts }
}

describe('the build context', () => {
  it("is the Dockerfile's folder where that has what COPY names, or nothing is named", () => {
    const context = { dockerfile: 'Dockerfile', working_dir: '../app', doubts: [] }
    const text = 'FROM scratch\nCOPY main.js /'
    expect(propose('app/Dockerfile', text, '/shop/app/main.js')).toMatchObject(context)
    expect(propose('app/Dockerfile', 'FROM scratch\nCOPY . /')).toMatchObject(context)
  })

  it('is a folder above where only that has it; the root needs no working_dir', () => {
    const text = 'FROM scratch\nCOPY lib/*.js app/main.js /'
    const found = propose('app/Dockerfile', text, '/shop/app/main.js', '/shop/lib/')
    expect(found).toEqual({ tag: 'shop/app:latest', dockerfile: 'app/Dockerfile', doubts: [] })
  })

  it('is the folder above one that is named after Docker', () => {
    expect(propose('docker/Dockerfile', 'FROM scratch\nCOPY . /')).toMatchObject({
      dockerfile: 'docker/Dockerfile',
      tag: 'shop/shop:latest'
    })
  })

  it('is doubted where nothing has it', () => {
    const { doubts } = propose('app/Dockerfile', 'FROM scratch\nCOPY made-later /')
    expect(doubts).toEqual([
      'app/Dockerfile: no folder above it has `made-later`: see to its working_dir'
    ])
  })
})
