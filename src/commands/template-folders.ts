import { dirname, isAbsolute, relative, resolve } from 'node:path'
import type { TemplateValues } from '../builders/packer-template.js'
import type { Image } from '../manifest/image.js'
import type { Files } from '../ports.js'

interface FolderRequest {
  /** Absolute path of the project's root. */
  readonly root: string
  readonly ansibleFolder: string | undefined
  readonly saltFolder: string | undefined
}

/** `ansible`, else `.ansible` where only that is there; a name that begins with a dot stands for itself. */
const spellingsOf = (folder: string) =>
  folder.startsWith('.') || isAbsolute(folder) ? [folder] : [folder, `.${folder}`]

/** The folders that a template's placeholders stand for, as Packer sees them from where it runs. */
export function templateFolders(
  image: Image,
  { root, ansibleFolder, saltFolder }: FolderRequest,
  files: Files
): Pick<TemplateValues, 'ansibleFolder' | 'saltFolder' | 'dockerFolder'> {
  const { workingDirectory } = image
  const seen = (folder: string) => {
    const names = spellingsOf(folder)
    const here = names.find(name => files.exists(resolve(workingDirectory, name)))
    if (here !== undefined) return here
    const atRoot = names.find(name => files.exists(resolve(root, name)))
    return atRoot === undefined ? folder : relative(workingDirectory, resolve(root, atRoot))
  }
  const manifestFolder = dirname(resolve(root, image.manifest))
  return {
    ansibleFolder: seen(ansibleFolder ?? 'ansible'),
    saltFolder: seen(saltFolder ?? 'salt'),
    dockerFolder: relative(workingDirectory, manifestFolder) || '.'
  }
}
