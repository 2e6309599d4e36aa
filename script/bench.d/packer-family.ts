import { copyFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Bench } from './bench.js'
import { write } from './family.js'
import { type Call, timed } from './run.js'

/** Packer provisions as a user that the image has to know. */
const PASSWD = 'root:x:0:0:root:/root:/bin/sh\n'

/**
 * Makes a small image that Packer can stand on.
 * @param busybox a static one
 */
export async function importPackerBase(bench: Bench, busybox: string): Promise<string> {
  const tag = `${bench.mark}/packer-base:1.0`
  const root = bench.folder('packer-base')
  write(join(root, 'etc/passwd'), PASSWD)
  write(join(root, 'bin/.keep'), '')
  write(join(root, 'tmp/.keep'), '')
  copyFileSync(busybox, join(root, 'bin/busybox'))
  const links = 'for name in sh chmod chown mkdir rm cat sleep; do ln -sf busybox bin/$name; done'
  const line = `cd "$0" && ${links} && tar -c . | docker import - "$1"`
  await timed({ program: 'sh', args: ['-c', line, root, tag] })
  return tag
}

function template(image: string, { mark, name }: { mark: string; name: string }, pull?: false) {
  return {
    builders: [
      {
        type: 'docker',
        image,
        ...(pull === false ? { pull } : {}),
        commit: true,
        run_command: ['-d', '-i', '-t', '{{.Image}}', '/bin/sh']
      }
    ],
    provisioners: [{ type: 'shell', inline: [`echo ${name} > /${name}`] }],
    'post-processors': [{ type: 'docker-tag', repository: `${mark}/${name}`, tag: '1.0' }]
  }
}

/**
 * Writes a project whose Packer images stand on one another in one chain.
 * @param alone for Packer itself, which has to be told to pull nothing
 * @returns the templates, bases first
 */
export function writePackerChain(
  project: string,
  { mark, base, count, alone }: { mark: string; base: string; count: number; alone: boolean }
): readonly string[] {
  const names = Array.from({ length: count }, (_, number) => `link-${number}`)
  const files = names.map((name, number) => {
    const image = number === 0 ? base : `${mark}/${names[number - 1]}:1.0`
    const file = join(project, `docker/packer/${name}-1.0.json`)
    write(file, JSON.stringify(template(image, { mark, name }, alone ? false : undefined)))
    return file
  })
  const images = names.map(name => ({ tag: `${mark}/${name}:1.0` }))
  write(join(project, 'docker/IMAGES.json'), JSON.stringify({ images }, null, 2))
  return files
}

/** A shell that lets Packer build one template after another. */
export const packerLoop = (project: string, templates: readonly string[]): Call => ({
  program: 'sh',
  args: ['-c', 'for file; do packer build "$file" || exit 1; done', 'sh', ...templates],
  cwd: project
})
