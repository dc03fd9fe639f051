/** One run of the sweep. */
export interface SweepTask {
  /** What is younger is left alone: its upload may be under way. */
  before: Date
  isDryRun: boolean
  maximumDeletions: number
  /** Ends the run early. */
  signal: AbortSignal | undefined
}

/** Rows, or blobs, that are looked at together. */
export const pageSize = 500
