import type { Command } from '../ports.js'
import type { Builder, BuildSite } from './builder.js'
import { packerOutput } from './packer-output.js'
import { temporaryVariables } from './temporary.js'

function packerEnvironment(site: BuildSite, { cwd, args }: Command): Record<string, string> {
  return {
    ...site.env,
    ...temporaryVariables(site.temporary, args),
    // Packer's `{{pwd}}` and `path.cwd` are PWD where it names the working directory.
    PWD: cwd,
    PATH: `${site.shimFolder}:${site.env.PATH ?? ''}`,
    CHECKPOINT_DISABLE: '1',
    ...(site.pluginPath ? { PACKER_PLUGIN_PATH: site.pluginPath } : {}),
    ...(site.packerTemporary ? { PACKER_TMP_DIR: site.packerTemporary } : {})
  }
}

/** `packer build`, whose machine-readable output tells what it made; the log gets plain text. */
export const packerBuilder: Builder = {
  type: 'packer',
  writesIdFile: false,
  invocation: ({ command, site }) => {
    const output = packerOutput()
    const [verb = 'build', ...rest] = command.args
    const own = ['-machine-readable', ...(site.keepFailed ? ['-on-error=abort'] : [])]
    return {
      command: { ...command, tool: site.packerPath, args: [verb, ...own, ...rest] },
      env: packerEnvironment(site, command),
      decode: output.decode,
      rest: output.rest,
      produced: output.produced,
      left: () => ({ containers: output.containers(), step: undefined })
    }
  }
}
