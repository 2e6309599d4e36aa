import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { type Bench, ROOT } from './bench.js'
import type { Call } from './run.js'
import type { Setting } from './settings.js'

export interface ActionStep {
  readonly workspace: string
  readonly state: string
  readonly node: string
  /** A folder for the files that speak to the runner. */
  readonly files: string
  readonly setting: Setting
}

/** A call of the action's entry as a runner makes it; what the last one left is emptied. */
export function actionCall({ workspace, state, node, files, setting }: ActionStep): Call {
  const file = (name: string) => {
    const path = join(files, name)
    writeFileSync(path, '')
    return path
  }
  return {
    program: node,
    args: [join(ROOT, 'dist/main.js')],
    cwd: workspace,
    env: {
      ...setting.env,
      DOCKER_BUILDKIT: '0',
      XDG_STATE_HOME: state,
      GITHUB_ACTIONS: 'true',
      CI: 'true',
      GITHUB_WORKSPACE: workspace,
      GITHUB_OUTPUT: file('output'),
      GITHUB_STATE: file('state'),
      GITHUB_STEP_SUMMARY: file('summary'),
      RUNNER_TEMP: join(files, 'temp'),
      RUNNER_TOOL_CACHE: join(files, 'tools')
    }
  }
}

/** A family's project that was built by an action's step before, so that there is nothing to build. */
export interface BuiltProject {
  readonly project: string
  readonly state: string
}

/** The files of a step, in a folder of their own. */
export const stepFiles = (bench: Bench): string => bench.folder('step')
