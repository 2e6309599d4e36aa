/** Characters of a folder in which sockets of Packer still have names that the system takes: unix(7). */
const LONGEST = 80

/**
 * Variables that let a builder put its temporary files into a folder of the run. One whose arguments take
 * in the user's own TMPDIR keeps it.
 */
export function temporaryVariables(
  folder: string | undefined,
  args: readonly string[]
): Readonly<Record<string, string>> {
  if (folder === undefined || folder.length > LONGEST) return {}
  return args.some(word => /(^|=)TMPDIR$/.test(word)) ? {} : { TMPDIR: folder }
}
