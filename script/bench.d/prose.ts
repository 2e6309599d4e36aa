import type { GroupName } from './figures.js'

/** What a page says of a group of figures. */
export interface GroupProse {
  readonly title: string
  readonly text: string
  readonly plot?: { readonly file: string; readonly words: string }
}

export const PROSE: Readonly<Record<GroupName, GroupProse>> = {
  start: {
    title: 'Start',
    text: `The manifest has the size and the shape of a real one: 24 versions of an image from two Dockerfiles, with build arguments and placeholders. \`plan\` reads it, and with the Dockerfiles and their context there, it reads and hashes those and asks the daemon. The action has an empty manifest, of which it says that there is nothing to build, or 24 images that are all unchanged, and writes outputs, report, page and job summary as on a runner.

Where a network has certificates of its own, \`NODE_EXTRA_CA_CERTS\` names them to Node. Node 20 reads them, and all that it knows itself, at each start, so that \`node -e 0\` takes about two and a half times as long; Node 24 does so when it first needs them. The bars were laid down with a \`node -e 0\` of 60 to 90 ms, which is what Node 20 takes here with certificates: rows that say so have those that the system trusts, the others have none.

For comparison, measured once when the bars were laid down, and not by this script: to load no more than the bundles of other actions on Node 20, before any work, takes 4.3 times \`node -e 0\` for docker/build-push-action, 4.8 for docker/bake-action, 2.9 for hashicorp/setup-packer.`
  },
  unchanged: {
    title: 'Nothing changed',
    text: `Images in chains of eight to eleven on one base, each with a context of three small files and three instructions; all of them are on the daemon and nothing has changed. \`docker build\` is called in a loop of \`sh\`, each image with a folder of its own as context, and finds every layer in its cache. \`docker buildx bake\` gets the file of \`plan --format bake\`, and a BuildKit of its own to which nothing is loaded back. Packer remembers nothing and builds again. wireit and turbo have the same graph of thirty, as scripts and as packages that do nothing; wireit is started without npm, turbo without the Node program around it. "Certificates" is told with the start.`,
    plot: {
      file: 'unchanged',
      words: 'Bars: time and memory of build-chain and of others where nothing has changed'
    }
  },
  chains: {
    title: 'Cold chains',
    text: `Eight chains of three images. Each build makes a layer of new files and sleeps between 0.3 and 1.1 seconds, so that it is the schedule that counts and not the two processors. Nothing is in any cache. A script around \`docker\` writes down when each build began and ended. No schedule can be shorter than the longest chain of these times in the same run, nor than all of them over the places: that is what the whole run, from the start of Node to its end, is compared with. The order of the list is \`docker build\` of one image after another, as the earlier tool does.`,
    plot: {
      file: 'chains',
      words: 'A schedule of 24 builds on four places, and bars of run times for 2, 4 and 8 places'
    }
  },
  growth: {
    title: 'Growth',
    text: `Plans of 10 to 10,000 images in chains of nine, each with a Dockerfile and a context of its own, of a manifest alone, and of one image whose context has 10 to 100,000 files of 5 kB on average. A growth is linear where one more costs the same at the larger sizes. The first plan of a context hashes every file, and git lists the same files for \`sha256sum\`, all of them in memory. The second finds the hashes of the first, and from the third on a look of \`find\` tells that nothing has changed since the second; what all take without any file is taken off for the bar, and for what \`find\` is compared with, which asks for the same of each file and does no more.`,
    plot: {
      file: 'growth',
      words: 'Curves of time and memory against the number of images and of files'
    }
  },
  versions: {
    title: 'Versions',
    text: `A project as large ones are: up to five hundred folders with a Dockerfile and a context each, in chains of nine, and twenty versions of the image of each, which differ in a build argument and stand on the same version of what is below them. The bars are those of growth.`
  },
  overhead: {
    title: 'Overhead',
    text: `Our time around a build is what passes between the end of one builder and the start of the next in a chain of twelve, one at a time: looking at what came out, recording it, starting the next. The builder is the real \`docker build\`, or a Packer that takes no time, behind a script that writes down when it began and ended; that script's own start is counted as ours. The output is a gigabyte of lines that a builder prints: it goes into the image's log and through the console, which is \`/dev/null\` here. Two \`cat\` with a pipe between them do no more than pass it on. What the same build takes without output is taken off.`
  },
  stores: {
    title: 'Stores',
    text: `An image of 256 MB, half of it noise, is kept in a store and taken from it by a whole \`build\`, start and checks included. \`github\` is a server on this machine that speaks the protocol of GitHub's cache and holds in memory what it is sent, \`registry\` is Debian's docker-registry; both are emptied before an image is kept, and the daemon has lost the image before it is restored. By hand it is \`docker save | zstd\` into a file, \`zstd -d | docker load\`, \`docker push\` and \`docker pull\`: less than the stores do, which also send it to the server, and verify what comes. For the store's part what the same takes without it is taken off: a \`build\` of what is unchanged where an image is kept, a \`plan\` where it is restored, which reads and hashes the same files.`
  },
  size: {
    title: 'Size',
    text: `What the action loads is read from V8's list of the scripts that ran. These two are counted and not measured, so there is no spread.`
  }
}
