type Environment = Readonly<Record<string, string | undefined>>

/**
 * Files through which a step speaks to GitHub's runner, and the token of the job, which GitLab gives by more than
 * one name: https://docs.gitlab.com/ci/variables/predefined_variables/
 */
const RUNNER_ONLY = new Set([
  'GITHUB_TOKEN',
  'GITHUB_OUTPUT',
  'GITHUB_ENV',
  'GITHUB_PATH',
  'GITHUB_STATE',
  'GITHUB_STEP_SUMMARY',
  'CI_JOB_TOKEN',
  'CI_BUILD_TOKEN',
  'CI_REGISTRY_PASSWORD',
  'CI_DEPENDENCY_PROXY_PASSWORD',
  'CI_REPOSITORY_URL',
  'NODE_OPTIONS'
])

const PRIVATE_PREFIX = /^(INPUT_|ACTIONS_|STATE_)/i

/**
 * The environment that builders and placeholders see: no input, no credential of the runner, and
 * none of the files that speak to it.
 */
export function builderEnvironment(env: Environment): Record<string, string> {
  const kept = Object.entries(env).filter(
    ([name, value]) =>
      value !== undefined && !RUNNER_ONLY.has(name.toUpperCase()) && !PRIVATE_PREFIX.test(name)
  )
  // A name that somebody else asks for is not to find what every object has.
  return Object.assign(Object.create(null), Object.fromEntries(kept)) as Record<string, string>
}
