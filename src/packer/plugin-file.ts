import type { Platform } from './platform.js'
import { pluginName } from './plugin-source.js'

/** A plugin's program in a plugin folder. */
export interface PluginFile {
  readonly source: string
  /** Without the `v`. */
  readonly version: string
  /** Where it is. */
  readonly path: string
  /** Its own name: `packer-plugin-docker_v1.1.2_x5.0_linux_amd64`. */
  readonly name: string
}

/** What Packer puts behind a program's name for the file with its hash. */
export const SUM_SUFFIX = '_SHA256SUM'

/** Major and minor number of the protocol of every Packer from 1.7 on (plugin/server.go in packer-plugin-sdk). */
const PROTOCOL = { major: 5, minor: 0 }

/** @param protocol `5.0` or `x5.0`; a Packer takes plugins of its own major number and no higher minor one. */
export function isSupportedProtocol(protocol: string): boolean {
  const [, major, minor] = /^x?(\d+)\.(\d+)$/.exec(protocol) ?? []
  return Number(major) === PROTOCOL.major && Number(minor) <= PROTOCOL.minor
}

const escaped = (text: string): string => text.replace(/[.*+?^${}()|[\]\\-]/g, '\\$&')

/** Matches a plugin's program by its name, with groups `version` and `protocol`. */
export function pluginPattern(source: string, platform: Platform, version?: string): RegExp {
  const number = version === undefined ? '\\d+\\.\\d+\\.\\d+' : escaped(version)
  const ending = escaped(`_${platform.os}_${platform.arch}${platform.extension}`)
  const name = escaped(pluginName(source))
  return new RegExp(
    `^packer-plugin-${name}_v?(?<version>${number})_(?<protocol>x\\d+\\.\\d+)${ending}$`
  )
}

const INSTALLED = /^packer-plugin-[^/_]+_v(?<version>\d+\.\d+\.\d+)_(?<protocol>x\d+\.\d+)_[^/]+$/

/** A path as `packer plugins installed` prints it; undefined where it is no release that Packer can load. */
export function parsePluginPath(path: string): PluginFile | undefined {
  const names = path.trim().replaceAll('\\', '/').split('/')
  const name = names.at(-1) ?? ''
  const source = names.slice(-4, -1)
  const { version, protocol = '' } = INSTALLED.exec(name)?.groups ?? {}
  if (!version || !isSupportedProtocol(protocol)) return undefined
  if (source.length < 3 || source.includes('')) return undefined
  return { source: source.join('/'), version, path: path.trim(), name }
}

/** @param text of `packer plugins installed`: one path a line. */
export function parseInstalled(text: string): readonly PluginFile[] {
  return text
    .split(/\r?\n/)
    .map(parsePluginPath)
    .filter(file => file !== undefined)
}
