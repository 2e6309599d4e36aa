/** What is remembered of an image that was built. */
export interface ImageRecord {
  /** Id of the image in its manifest. */
  readonly image: string
  readonly fingerprint: string
  /** `sha256:…`, the daemon's id: a hash of content, so the record cannot speak of another image. */
  readonly imageId: string
  /** All tags that the build gave, as written. */
  readonly tags: readonly string[]
  /** Image ids of what it stood on, by the ids of those images in their manifest. */
  readonly parents: Readonly<Record<string, string>>
  readonly parts: Readonly<Record<string, string>>
  /** ONBUILD instructions of outside bases, by image id: an id's content never changes. */
  readonly triggers: Readonly<Record<string, readonly string[]>>
  /** Seconds since the epoch. */
  readonly builtAt: number
  readonly seconds: number
}
