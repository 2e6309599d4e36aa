import { ChainError } from '../errors.js'

/** A machine in the words of HashiCorp's release server, with what differs on it. */
export interface Platform {
  readonly os: string
  readonly arch: string
  /** The architecture in Node's words, which the runner's tool cache names its folders by. */
  readonly nodeArch: string
  /** What a program's name ends with. */
  readonly extension: '' | '.exe'
}

const SYSTEMS: Readonly<Record<string, string>> = {
  linux: 'linux',
  darwin: 'darwin',
  win32: 'windows',
  freebsd: 'freebsd',
  openbsd: 'openbsd',
  netbsd: 'netbsd',
  sunos: 'solaris'
}

const ARCHITECTURES: Readonly<Record<string, string>> = {
  x64: 'amd64',
  arm64: 'arm64',
  arm: 'arm',
  ia32: '386',
  ppc64: 'ppc64le',
  s390x: 's390x'
}

/** @param system and arch are `process.platform` and `process.arch`; TOOL_MISSING where HashiCorp names none. */
export function platformOf(system: string, arch: string): Platform {
  const os = SYSTEMS[system]
  const releaseArch = ARCHITECTURES[arch]
  if (!os || !releaseArch) {
    throw new ChainError('TOOL_MISSING', `HashiCorp publishes no Packer for ${system} on ${arch}`, {
      hint: 'Install a Packer of your own and put it on PATH.'
    })
  }
  return { os, arch: releaseArch, nodeArch: arch, extension: os === 'windows' ? '.exe' : '' }
}
