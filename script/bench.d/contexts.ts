import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { write } from './family.js'

const FILES_A_FOLDER = 100
/** Bytes of a file: from one to nine thousand, five on average. */
const bytesOf = (number: number): number => 1000 + ((number * 7919) % 8001)

/** A project with one image whose context is `src`, a folder of files of their own content. */
export function writeContext(project: string, mark: string, count: number): void {
  write(join(project, 'Dockerfile'), 'FROM scratch\nCOPY src /src\n')
  const images = [{ tag: `${mark}/context:1.0`, dockerfile: 'Dockerfile' }]
  write(join(project, 'docker/IMAGES.json'), JSON.stringify({ images }))
  const filler = Buffer.alloc(9001, 'All work and no play makes a dull file. ')
  for (let number = 0; number < count; number += 1) {
    const folder = join(project, 'src', `d${Math.floor(number / FILES_A_FOLDER)}`)
    if (number % FILES_A_FOLDER === 0) mkdirSync(folder, { recursive: true })
    const content = Buffer.from(filler.subarray(0, bytesOf(number)))
    content.write(`${number}\n`)
    writeFileSync(join(folder, `f${number}.txt`), content)
  }
}
