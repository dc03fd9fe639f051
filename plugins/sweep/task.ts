/** One run of the sweep. */
export interface SweepTask {
  /** What is younger is left alone. */
  before: Date
  isDryRun: boolean
  maximumDeletions: number
  /** Ends the run early. */
  signal: AbortSignal
}

/** Rows, or blobs, that are looked at together. */
export const pageSize = 500
