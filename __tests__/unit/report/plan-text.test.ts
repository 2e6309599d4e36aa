import { describe, expect, it } from 'vitest'
import { planJson } from '../../../src/chain/plan.js'
import { planText, printPlan } from '../../../src/report/plan-text.js'
import { anImage, aPlannedImage } from '../../fixtures/image.js'

const base = anImage({ builder: 'packer', tags: [], name: 'base', id: 'packer__base.json' })
const app = anImage({ tags: ['acme/app:1', 'acme/app:2'] })
const plan = {
  manifests: ['docker/IMAGES.json'],
  images: [
    aPlannedImage({ image: base, reason: 'unchanged', action: 'reuse' }),
    aPlannedImage({ image: app, dependsOn: ['packer__base.json'], stage: 1 })
  ],
  warnings: []
}

describe('a plan for a person', () => {
  it('has each image in its place, with what is done, why, on what, and how', () => {
    expect(planText(plan)).toBe(`1. reuse packer__base.json (stage 0): unchanged
     packer build ${base.file}
2. build acme/app:1, acme/app:2 (stage 1): not built before
     on packer__base.json
     docker build -f /project/Dockerfile.app -t acme/app:1 -t acme/app:2 /project
`)
  })

  it('says so where there is nothing', () => {
    expect(planText({ ...plan, images: [] })).toBe('The chain is empty.\n')
  })

  it('comes in pieces of whole images, so that a large one is never held as a whole', () => {
    const images = Array.from({ length: 2_000 }, (_, at) =>
      aPlannedImage({ image: anImage({ tags: [`acme/app:${at}`] }) })
    )
    const pieces = [...printPlan({ ...plan, images }, 'text')]
    expect(pieces.length).toBeGreaterThan(2)
    expect(Math.max(...pieces.map(({ length }) => length))).toBeLessThan(70_000)
    for (const piece of pieces) expect(piece).toMatch(/^\d+\. build acme[^]*\n$/)
    expect(pieces.join('')).toBe(planText({ ...plan, images }))
    expect(pieces.join('').match(/^\d+\. /gm)).toHaveLength(2_000)
  })
})

describe('a plan for a program', () => {
  it('is the JSON of the contract', () => {
    const text = [...printPlan(plan, 'json')].join('')
    expect(JSON.parse(text)).toEqual(JSON.parse(JSON.stringify(planJson(plan))))
    expect(text.endsWith('}\n')).toBe(true)
  })
})
