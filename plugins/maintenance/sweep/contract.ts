export interface SweepOptions {
  /** Reports the changes that a sweep would make, without making them. */
  isDryRun?: boolean
  /** Interrupts the sweep. */
  signal?: AbortSignal
}

/** The changes that a sweep made, or would make without the dry run. */
export interface SweepReport {
  /** Files in the staging folder that a killed process left. */
  stagedFiles: number
  /** Unfinished uploads of a killed process: discarded, and their quota released. */
  abandonedUploads: number
  /** Images that were discarded now or earlier, whose blobs are deleted. */
  discardedImages: number
  /** Blobs that belong to no image, deleted. */
  orphanedBlobs: number
  /** True if there were too many orphans, so that none was deleted: the database may not belong to this storage. */
  isOverCap: boolean
  /** Images that lack a blob; their creatives are no longer shown. */
  incompleteImages: number
  /** Images whose missing blobs have reappeared; their creatives are shown again. */
  recoveredImages: number
}

/** Reconciles storage and database after crashes, in both directions. */
export interface Sweep {
  /**
   * Returns `undefined` if another instance is sweeping.
   * @throws {UnavailableError} if storage or database fail; earlier changes remain
   */
  run (options?: SweepOptions): Promise<SweepReport | undefined>
}

/** Parameters of one sweep. */
export interface SweepTask {
  /** Later rows and blobs are ignored, because their upload may still be running. */
  before: Date
  isDryRun: boolean
  maximumDeletions: number
  signal: AbortSignal
}

/** Rows or blobs per page. */
export const pageSize = 500
