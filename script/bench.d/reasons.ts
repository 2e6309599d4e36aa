/** Why a figure is short of its bar, by id, where it is known. */
export const REASONS: Readonly<Record<string, string>> = {
  'chains-bound-2': 'the start of Node, the plan, and our time around each build are counted',
  'chains-bound-4':
    'the start of Node, the plan, and our time around each build are counted, and which chains end last is not known beforehand',
  'chains-bound-8': 'the start of Node, the plan, and our time around each build are counted',
  'start-action-node20':
    'the daemon is asked, contexts are read, and outputs, report, page and summary are written',
  'start-action-node24':
    'the daemon is asked, contexts are read, and outputs, report, page and summary are written',
  'growth-plan': 'each image has a Dockerfile and a context of its own, and each file is looked at',
  'growth-kept':
    'each file is still asked for its size and times, which takes a tenth of the first time by itself',
  'overhead-output':
    'the output goes through a pipe, so that a full disk ends no builder and secrets are masked before it is written',
  'size-dist':
    'GitHub’s cache client, OpenPGP and the pages that `init` writes are in it; each is a chunk of its own that nothing loads before it is used'
}
