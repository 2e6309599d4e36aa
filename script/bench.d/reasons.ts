/** Why a figure is short of its bar, by id, where it is known. */
export const REASONS: Readonly<Record<string, string>> = {
  'chains-bound-2': 'the start of Node, the plan, and our time around each build are counted',
  'chains-bound-4':
    'the start of Node, the plan, and our time around each build are counted, and which chains end last is not known beforehand',
  'chains-bound-8': 'the start of Node, the plan, and our time around each build are counted',
  'size-dist':
    'GitHub’s cache client, OpenPGP and the pages that `init` writes are in it; each is a chunk of its own that nothing loads before it is used'
}
