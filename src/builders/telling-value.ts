/** Characters of a secret that is known wherever it stands; a shorter one only as a value. */
export const TELLING_LENGTH = 6

/** Values that stand in many a log for something else. */
const COMMON: ReadonlySet<string> = new Set(
  `admin administrator changeme debian default developer development disabled docker enabled example
   false guest install latest linux localhost master mysql nobody packer password postgres private
   production public release required secret secrets staging string stable test testing token ubuntu
   undefined unknown update version`.split(/\s+/)
)

/** Whether a value can be taken for a secret wherever it stands: it is not short and no common word. */
export const isTelling = (value: string): boolean =>
  value.length >= TELLING_LENGTH && !COMMON.has(value.toLowerCase())
