import type { ImageRecord } from './chain/record.js'

/** A command to run: nothing in it is interpreted by a shell. */
export interface Command {
  readonly tool: string
  readonly args: readonly string[]
  readonly cwd: string
}

/** How a process ended; `signal` is set where one ended it. */
export interface Exit {
  readonly status: number
  readonly signal?: NodeJS.Signals | undefined
}

/** What a finished short command printed. */
export interface Output extends Exit {
  readonly stdout: string
  readonly stderr: string
}

export interface CaptureOptions {
  readonly cwd?: string
  readonly env?: Readonly<Record<string, string>>
  readonly input?: string
  /** Milliseconds, after which the command is ended and the call fails. */
  readonly timeout?: number
}

export interface StreamOptions {
  /** The whole environment of the process. */
  readonly env: Readonly<Record<string, string>>
  /**
   * Called with each piece of standard output and standard error, in order. The piece is overwritten by the next one:
   * who keeps it makes a copy.
   */
  readonly onOutput: (chunk: Buffer) => void
  /** Ends the process group: SIGTERM at once, SIGKILL after `grace`; nothing where the system has no `setsid`. */
  readonly signal?: AbortSignal | undefined
  /** Milliseconds between SIGTERM and SIGKILL. */
  readonly grace?: number
}

/** Starts programs. */
export interface Exec {
  /** Runs a short command to its end and gives what it printed; a failure to start is a TOOL_MISSING. */
  capture(tool: string, args: readonly string[], options?: CaptureOptions): Promise<Output>
  /** Runs a builder as leader of its own process group, its output streamed and never kept. */
  stream(command: Command, options: StreamOptions): Promise<Exit>
  /** Absolute path of a program on PATH, or undefined. */
  which(tool: string): string | undefined
}

/** The terminal that the program was started on. */
export interface Terminal {
  /** Both its input and its output are a terminal's. */
  readonly isTerminal: boolean
  /** Runs a program on it: input, output and errors are the program's own. */
  run(command: Command, options: Pick<StreamOptions, 'env'>): Promise<Exit>
}

/** An image as the daemon holds it. */
export interface EngineImage {
  readonly id: string
  /** Normalised tags (`docker.io/library/debian:12`) that point at it. */
  readonly tags: readonly string[]
  /** `NAME@sha256:…`, as pulled from or pushed to a registry. */
  readonly digests: readonly string[]
  readonly bytes: number
  /** Seconds since the epoch. */
  readonly created: number
}

/** What only a look at one image tells. */
export interface EngineImageDetails {
  readonly id: string
  /** Such as `linux/amd64`. */
  readonly platform: string
  readonly labels: Readonly<Record<string, string>>
}

/**
 * How a daemon stores images. With `containerd` an image's id is the digest of its manifest, with
 * `graph` (overlay2 and its like) that of its configuration: the same image has another id there
 * (https://docs.docker.com/engine/storage/containerd/).
 */
export type ImageStorage = 'containerd' | 'graph'

/** The Docker daemon. Every call fails with ENGINE_UNAVAILABLE when no daemon answers. */
export interface Engine {
  /** Does nothing where a daemon answers. */
  ping(): Promise<void>
  /** All images of the daemon, in one call. */
  images(): Promise<readonly EngineImage[]>
  /** The image that a reference or id names, or undefined. */
  inspect(reference: string): Promise<EngineImage | undefined>
  /** What a reference or id names, looked at more closely; undefined where there is none. */
  details(reference: string): Promise<EngineImageDetails | undefined>
  /** Platforms such as `linux/amd64` of those images that are there, by id. */
  platforms(ids: readonly string[]): Promise<ReadonlyMap<string, string>>
  /** ONBUILD instructions that an image carries for its children. */
  triggers(imageId: string): Promise<readonly string[]>
  /** Brings an image from its registry; what the registry or the daemon said where it cannot be had. */
  pull(reference: string, signal?: AbortSignal): Promise<string | undefined>
  /** Version of the daemon, such as `28.2.2`. */
  version(): Promise<string>
  /** Whether `docker build --squash` works: the daemon has its experimental features on. */
  canSquash(): Promise<boolean>
  storage(): Promise<ImageStorage>
  tag(imageId: string, reference: string): Promise<void>
  /** Takes a reference away, and with its last one the image; nothing where it is not there or in use. */
  drop(reference: string): Promise<void>
  /**
   * Removes the containers that carry a label `name=value`, running or not; gives the ids of those that it asked to
   * go. Fails where one cannot be removed.
   * @param except ids of those that stay
   */
  removeContainers(label: string, except?: ReadonlySet<string>): Promise<readonly string[]>
}

/** The file system. Paths are absolute. */
export interface Files {
  exists(path: string): boolean
  isFolder(path: string): boolean
  /** Bytes of a file; FILE_UNREADABLE with the reason otherwise. */
  read(path: string): Promise<Uint8Array>
  readText(path: string): Promise<string>
  /** The path with all links on it followed; what does not exist of it stays as it is. */
  real(path: string): string
  /** Names in a folder, sorted; empty where there is none. */
  list(path: string): Promise<readonly string[]>
  /** Writes by a temporary file and a rename, so that a reader sees the old or the new one whole. */
  write(path: string, text: string): Promise<void>
}

/** A file to be written where there is none. */
export interface NewFile {
  /** Relative to the folder that it is written below, `/` between names. */
  readonly path: string
  readonly text: string
  /** Whether it can be run. */
  readonly isProgram: boolean
}

/** Writes files and overwrites none. */
export interface NewFiles {
  /** What is in the way of a path below a folder, in words; undefined where nothing is. */
  obstacle(folder: string, path: string): string | undefined
  /** Writes a file; an OUTPUT_UNWRITABLE where something came to be there meanwhile. */
  create(folder: string, file: NewFile): Promise<void>
}

/** The whole output of one image, in a file of its own. */
export interface LogFile {
  readonly path: string
  write(chunk: Buffer): void
  /** Bytes written so far. */
  readonly size: number
  /** The last lines, at most `count`, without their line ends; `since`: bytes at the start that do not count. */
  lastLines(count: number, since?: number): readonly string[]
  /** Why the file does not hold all that was written; the last lines are known all the same. */
  readonly problem?: string | undefined
  close(): void
}

/** The log files of one run. */
export interface Logs {
  /**
   * @param name of an image; the file's name is made from it
   * @param heard gets each piece as it is in the file, in order
   */
  open(name: string, heard?: (chunk: Buffer) => void): LogFile
}

/** A Packer that can be run. */
export interface PackerTool {
  readonly path: string
  readonly version: string
  /** Where it was found, and why that one. */
  readonly source: string
  /** Plugin folder to set, where it is not Packer's own. */
  readonly pluginPath?: string | undefined
  /** What in a template this Packer no longer takes, and what it takes instead; a line each. */
  readonly advise?: ((template: FailedTemplate) => Promise<readonly string[]>) | undefined
}

/** A template whose build has failed. */
export interface FailedTemplate {
  /** Absolute path. */
  readonly file: string
  /** For messages. */
  readonly name: string
  /** What Packer said last. */
  readonly lastLines: readonly string[]
}

/** A file that a builder writes the id of what it made to. */
export interface IdFile {
  /** Absolute; there is nothing yet. */
  readonly path: string
  /** What was written, or undefined; the file is gone afterwards. */
  take(): Promise<string | undefined>
}

/** What keeps the things of one run apart from those of others. */
export interface RunSite {
  /** The run's id: letters and digits. */
  readonly id: string
  /** `name=value` on every container that this run starts. */
  readonly label: string
  /** Folder of logs and report; it stays after the run. */
  readonly folder: string
  /** Makes the folder with the `docker` that Packer is to find first; `bases` are not pulled. */
  prepareShim(bases: readonly string[]): Promise<string>
  /** Folder for the temporary files of builders, where the run has one. */
  temporary?(): string | undefined
  /** Folder for Packer's own temporary files, where it is not to choose; known once the shim is there. */
  packerTemporary?(): string | undefined
  /** Whether the `docker` of this run has refused what a builder's lines speak of. */
  hasRefused?(lines: readonly string[]): boolean
  /** Ids of the containers that Packer started by the shim; asked where failed builds are kept. */
  containers?(): Promise<readonly string[]>
  /** Names a file for one build, in a folder that only this user can read. */
  openIdFile(): Promise<IdFile>
  /** Removes what only the run itself needs. */
  remove(): Promise<void>
}

/** A lock that this run holds. */
export interface ImageLock {
  release(): void
}

/** Keeps two runs of one project on one machine from doing the same work at once. */
export interface ImageLocks {
  /**
   * The lock of an image, after every run that holds it before; undefined where none can be had, or
   * the signal comes first.
   * @param image its id
   * @param waiting `onWait` is told each process that is waited for, where that can be known
   */
  take(
    image: string,
    waiting: {
      readonly signal: AbortSignal
      readonly onWait: (process: number | undefined) => void
    }
  ): Promise<ImageLock | undefined>
}

export type EntryKind = 'file' | 'folder' | 'link' | 'other'

/** A file, folder or link as it lies in a folder. */
export interface TreeEntry {
  /** Relative to the folder, `/` between names. */
  readonly path: string
  readonly kind: EntryKind
  /** Permission bits. */
  readonly mode: number
  /** Where a link points. */
  readonly target?: string
  /** Type and number of a device, a pipe or a socket. */
  readonly device?: string
  /** Differs whenever the entry was written: size, times of change, inode. */
  readonly stamp: string
}

/** A file by its absolute path, its `stamp` as the listing gave it. */
export interface StampedFile {
  readonly path: string
  readonly stamp: string
}

/** What was seen at an absolute path. */
export interface SeenFile {
  readonly path: string
  readonly entry: TreeEntry
}

/** A set of files: the hash of what is in it, and how many. */
export interface KnownSet {
  readonly digest: string
  readonly count: number
}

/** What a set of files was made from. Paths are absolute. */
export interface SetOrigin {
  /** Stands for what decided which of the files are in it. */
  readonly key: string
  /** All of its files are at or below one of them, and none of them is below another. */
  readonly roots: readonly string[]
  /** Folders on the way to the roots, which would lead elsewhere if they were links. */
  readonly above: readonly string[]
  /** Folders below the roots that were not looked into. */
  readonly leftOut: readonly string[]
}

/** Folders and the hashes of what is in them, each file hashed at most once. */
export interface Trees {
  /**
   * All entries below a folder, sorted by path; empty where there is none.
   * @param skip leaves out an entry, and with a folder all that is below it
   * @param prefix that all paths begin with, those that `skip` is asked about as well
   */
  list(
    folder: string,
    skip?: (path: string, kind: EntryKind) => boolean,
    prefix?: string
  ): readonly TreeEntry[]
  /** One entry by its absolute path, its `path` as given; undefined where there is none. */
  look(path: string): TreeEntry | undefined
  /** Absolute path with all links resolved; undefined where it leads nowhere. */
  real(path: string): string | undefined
  /** SHA-256 of a file's content, in hexadecimal digits; `stamp` as the listing gave it. */
  hash(path: string, stamp: string): string
  /** Hashes the large ones among files on several processors, where no hash is known and there is much to read. */
  hashAhead(files: () => readonly StampedFile[]): Promise<void>
  /**
   * Paths below a folder that git tracks or would track, sorted; undefined outside of a checkout.
   */
  tracked(folder: string): Promise<readonly string[] | undefined>
  /**
   * A large set of files as an earlier run found it, where all that it was made from looks as it did when this run
   * began; undefined where it has to be looked at file by file.
   * @param key stands for what decides which files are in it
   */
  knownSet(key: () => string): Promise<KnownSet | undefined>
  /**
   * Offers a set to later runs.
   * @param origin undefined where it may not be taken from an earlier run
   * @param seen all of its files as they were looked at
   */
  offerSet(
    set: KnownSet,
    origin: () => SetOrigin | undefined,
    seen: () => readonly SeenFile[]
  ): void
  /** Keeps hashes and sets for later runs; from then on no set is known. */
  save(): Promise<void>
}

/** An image that a run would reuse if a store had it. */
export interface WantedImage {
  /** Id of the image in its manifest. */
  readonly image: string
  readonly fingerprint: string
  /** As written; the store gives them to what it brings. */
  readonly tags: readonly string[]
}

/** A place that keeps images between runs; it never fails a build, so its calls do not throw. */
export interface ImageStore {
  readonly name: 'local' | 'github' | 'registry'
  /**
   * Brings images to the daemon and tags them.
   * @returns the records of those that are there now, each verified: the daemon has the recorded id
   */
  restore(wanted: readonly WantedImage[]): Promise<readonly ImageRecord[]>
  /** Keeps images that are on the daemon; what is kept already is not sent again. */
  keep(records: readonly ImageRecord[]): Promise<void>
}

/** What a registry has under a reference. */
export interface RegistryImage {
  /** Digest of the manifest or of the index; undefined for an index that is none of the candidates. */
  readonly digest: string | undefined
  /** Digest of the image's configuration; undefined for an index. */
  readonly config: string | undefined
}

/** What a look at a registry goes by. */
export interface RegistryLook {
  /** Digests that an index may have: it is known by its parts alone. */
  readonly candidates: readonly string[]
  readonly signal: AbortSignal
}

/** The registries that tags name, reached with the login of the docker command. */
export interface ImageRegistry {
  /** What the registry itself says that it has under a tag; in words why that is not to be had. */
  find(tag: string, look: RegistryLook): Promise<RegistryImage | string>
  /** The command by which a tag is pushed. */
  pushCommand(tag: string): Command
  /** Pushes what the daemon has under a tag. */
  push(tag: string, options: Pick<StreamOptions, 'onOutput' | 'signal'>): Promise<Exit>
}

/** Something on a daemon that a run has left on purpose, or that is in use by one. */
export interface KeptThing {
  readonly kind: 'container' | 'image'
  /** The daemon's id, whole: no other thing can have it. */
  readonly id: string
  /** Name of the container, or tag of the image. */
  readonly name: string
  /** What stands for the daemon that has it: its address, or the name of the Docker context. */
  readonly daemon: string
  /** Why it is there, for a person. */
  readonly why: string
  /** The process that uses it: while that runs it is left alone. */
  readonly process?: number | undefined
  /** An empty folder on the host that goes with it. */
  readonly folder?: string | undefined
}

/** What runs have left on purpose. */
export interface KeptThings {
  list(): readonly KeptThing[]
  add(thing: KeptThing): void
  forget(thing: KeptThing): void
}
