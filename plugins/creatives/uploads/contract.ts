import type { Creative } from '../../../db/schema.ts'
import type { UploadForm } from '../../../src/http/upload-form.ts'

export type { UploadForm }

export interface Upload {
  userId: number
  /** Of the whole body, where the client says. */
  statedBytes: number | undefined
  /** Aborted when nobody waits for the answer any more, for a reason that is an `ApiError`. */
  signal: AbortSignal
  /** Stages the file and reads the fields; called once there is room for it. On any error nothing is left. */
  receive (): Promise<UploadForm>
}

export interface NewCreativeUpload extends Upload {
  /** 1 to 255 visible ASCII characters. */
  idempotencyKey: string | undefined
}

export interface ReplacingUpload extends Upload {
  creativeId: number
  /** Tells whether the caller has seen this version; what it throws ends the upload. */
  checkVersion (creative: Creative, fields: ReadonlyMap<string, string>): void
}

export interface Uploaded {
  creative: Creative
  /** The oldest other creative of the same user that came from the same file. */
  duplicateOf: number | undefined
}

/**
 * Takes images in: a share of the quota, the bytes, a look at them, the blobs, and one transaction that makes them
 * seen. Whatever fails before it leaves nothing.
 */
export interface Uploads {
  /**
   * @throws {ApiError} CHR_VALIDATION, CHR_TIME_ZONE_UNKNOWN, CHR_DATE_PAST, CHR_RATE_LIMITED, CHR_QUOTA_EXCEEDED, CHR_IMAGE_*,
   * CHR_IDEMPOTENCY_CONFLICT; CHR_NOT_FOUND where the creative of the key was deleted
   */
  add (upload: NewCreativeUpload): Promise<Uploaded>
  /** @throws {ApiError} CHR_NOT_FOUND, CHR_QUOTA_EXCEEDED, CHR_IMAGE_* */
  replace (upload: ReplacingUpload): Promise<Uploaded>
}
