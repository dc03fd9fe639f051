export interface SweepOptions {
  /** Only says what it would do. */
  isDryRun?: boolean
  /** Ends it early. */
  signal?: AbortSignal
}

/** What a sweep found and settled, or would have. */
export interface SweepReport {
  /** Files in the staging folder that a killed process left. */
  stagedFiles: number
  /** Uploads that a killed process left half done: given up, with what they took of a quota. */
  abandonedUploads: number
  /** Images given up, now or earlier, whose blobs are gone. */
  discardedImages: number
  /** Blobs of no image at all, deleted. */
  orphanedBlobs: number
  /** There were more orphans than may be deleted, so none was: perhaps the database is not the one that belongs to the storage. */
  isOverCap: boolean
  /** Images that lack a blob; their creatives are no longer shown. */
  incompleteImages: number
  /** Images whose lost blobs are back; their creatives are shown again. */
  recoveredImages: number
}

/** Settles what crashes leave behind between storage and database, both ways. */
export interface Sweep {
  /**
   * `undefined` where another instance is at it.
   * @throws {UnavailableError} when storage or database do not answer; what was settled by then stays so
   */
  run (options?: SweepOptions): Promise<SweepReport | undefined>
}
