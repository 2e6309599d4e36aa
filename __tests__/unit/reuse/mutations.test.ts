import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { meanwhile } from '../../fixtures/reuse-meanwhile.js'
import { anyMutation, startMutations } from '../../fixtures/reuse-mutations.js'
import { decisions, type PlanChoice, ReuseProject } from '../../fixtures/reuse-project.js'
import { SeededRandom } from '../../fixtures/reuse-random.js'

/** The bar is 10,000; REUSE_MUTATIONS sets the number, REUSE_SEED the first seed. */
const MUTATIONS = Number(process.env.REUSE_MUTATIONS ?? 1_500)
const FIRST_SEED = Number(process.env.REUSE_SEED ?? 1)
const PER_PROJECT = 50

interface Tally {
  mutations: number
  reused: number
  built: number
}

function choiceOf(random: SeededRandom): PlanChoice {
  if (random.chance(0.7)) return {}
  const name = random.pick(['lib', 'tool', 'app', 'top', 'side'])
  return random.chance(0.5) ? { images: [name] } : { skipImages: [name] }
}

/** One project through many mutations; throws with the story where something is reused wrongly. */
async function live(project: ReuseProject, seed: number, tally: Tally): Promise<void> {
  const random = new SeededRandom(seed)
  const story: string[] = []
  const check = async (choice: PlanChoice) => {
    const chain = await project.plan(choice)
    const wrong = project.wrong(chain)
    const reused = chain.plan.images.filter(({ action }) => action === 'reuse').length
    tally.reused += reused
    tally.built += chain.plan.images.length - reused
    const said = JSON.stringify([choice, wrong, decisions(chain)])
    if (wrong.length > 0) throw new Error(`seed ${seed}: ${said}\n${story.join('\n')}`)
  }
  startMutations(project)
  await project.build()
  for (let step = 0; step < PER_PROJECT; step += 1) {
    const choice = choiceOf(random)
    const mutation = anyMutation(project, random)
    story.push(mutation.name)
    mutation.apply()
    tally.mutations += 1
    await check(choice)
    if (!random.chance(0.5)) continue
    const isDisturbed = random.chance(0.4)
    story.push(`build ${JSON.stringify(choice)}`)
    const note = (name: string) => story.push(`  ${name}`)
    const hooks = isDisturbed ? meanwhile(project, random, note) : {}
    const { results } = await project.build(choice, hooks)
    story.push(
      ...results.map(({ image, status, reason }) => `  ${image.name} ${status}: ${reason}`)
    )
    await check({})
  }
}

/** Mutations with all sets of files kept: `find` is started for each plan, so that there are fewer. */
const WITH_SETS = Math.ceil(MUTATIONS / 15)

it.each([
  ['', MUTATIONS, false],
  [' with all sets of files kept', WITH_SETS, true]
] as const)(
  'reuses nothing wrongly%s in %i mutations',
  {
    timeout: 60 * MUTATIONS + 60_000
  },
  async (_, mutations, keepsAllSets) => {
    const tally: Tally = { mutations: 0, reused: 0, built: 0 }
    for (let seed = FIRST_SEED; tally.mutations < mutations; seed += 1) {
      const folder = mkdtempSync(join(tmpdir(), 'build-chain-mutations-'))
      const project = new ReuseProject(folder)
      project.keepsAllSets = keepsAllSets
      try {
        await live(project, seed, tally)
      } finally {
        rmSync(folder, { recursive: true, force: true })
      }
    }
    // Where little is reused, nothing is reused wrongly.
    expect(tally.reused).toBeGreaterThan(tally.mutations)
    console.info(JSON.stringify(tally))
  }
)
