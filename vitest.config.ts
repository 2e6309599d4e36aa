import { defineConfig } from 'vitest/config'

const suite = (name: string, timeout: number, parallel: boolean) => ({
  test: {
    name,
    include: [`__tests__/${name}/**/*.test.ts`],
    testTimeout: timeout,
    expect: { poll: { timeout: 10_000 } },
    hookTimeout: timeout,
    fileParallelism: parallel
  }
})

export default defineConfig({
  test: {
    // By default one processor is left idle, which is half of a small machine.
    maxWorkers: '100%',
    projects: [
      suite('unit', 20_000, true),
      suite('integration', 60_000, true),
      suite('e2e', 600_000, false),
      suite('faults', 3_600_000, false)
    ]
  }
})
