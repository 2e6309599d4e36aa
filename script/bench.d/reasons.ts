const WRITES =
  'the daemon is asked, contexts are read, and outputs, report, page and summary are written'

const QUICKER =
  'without certificates Node itself takes less than half of the time with which the bar was set'

const SENDS =
  'by hand nothing goes to a server or comes from one: on two processors, which packing and loading keep busy, all that does takes its time from them'

const KNOWS =
  'the files are hashed first, to know which image it is, and what comes from a server takes processors, too'

const LOOKS = 'each image has a Dockerfile and a context of its own, and each file is looked at'

const VERSIONS = 'each version is read, resolved and decided about by itself'

const GARBAGE = 'Node 24 gives what is new more room before it collects what has become garbage'

/** Why a figure is short of its bar, by id, where it is known. */
export const REASONS: Readonly<Record<string, string>> = {
  'chains-bound-2': 'the start of Node, the plan, and our time around each build are counted',
  'chains-bound-4':
    'the start of Node, the plan, and our time around each build are counted, and which chains end last is not known beforehand',
  'chains-bound-8': 'the start of Node, the plan, and our time around each build are counted',
  'start-plan-node20': QUICKER,
  'start-action-empty-node20': QUICKER,
  'start-action-node20': WRITES,
  'start-action-node20-certificates': WRITES,
  'start-action-empty-node24':
    'to compile what is loaded takes three tenths of what Node itself takes',
  'start-action-node24': WRITES,
  'start-action-node24-certificates': WRITES,
  'thirty-node': QUICKER,
  'growth-plan': LOOKS,
  'growth-plan-node24': LOOKS,
  'growth-plan-node24-memory': GARBAGE,
  'versions-memory-node24': GARBAGE,
  'versions-many': VERSIONS,
  'versions-many-node24': VERSIONS,
  'growth-kept':
    'each file is still asked for its size and times, beside this program, which takes a tenth of the first time by itself',
  'stores-github-keep': SENDS,
  'stores-github-keep-part': SENDS,
  'stores-github-restore': KNOWS,
  'stores-github-restore-part': SENDS,
  'stores-registry-restore': 'the files are hashed first, to know which image it is',
  'stores-registry-restore-part': 'its record is an image, too, and is pulled and read before it',
  'overhead-output':
    'the output goes through a pipe, so that a full disk ends no builder and secrets are masked before it is written',
  'size-dist':
    'GitHub’s cache client, OpenPGP and the pages that `init` writes are in it; each is a chunk of its own that nothing loads before it is used'
}
