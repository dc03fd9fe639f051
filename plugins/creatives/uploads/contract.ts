import type { OwnedCreative } from '../../../db/creatives.ts'
import type { UploadForm } from '../../../src/http/upload-form.ts'

export type { UploadForm }

export interface Upload {
  userId: number
  /** Length of the whole request body, if the client stated it. */
  statedBytes: number | undefined
  /** Aborted when the client has disconnected; its reason is an `ApiError`. */
  signal: AbortSignal
  /** Stages the file and reads the fields; called after the quota is reserved. After an error no file is left. */
  receive (): Promise<UploadForm>
}

export interface NewCreativeUpload extends Upload {
  /** 1 to 255 visible ASCII characters. */
  idempotencyKey: string | undefined
}

export interface ReplacingUpload extends Upload {
  creativeId: number
  /** Throws if the client has seen another version, which fails the upload. */
  checkVersion (creative: OwnedCreative, fields: ReadonlyMap<string, string>): void
}

export interface Uploaded {
  creative: OwnedCreative
  /** The user's oldest other creative that was uploaded from the same file. */
  duplicateOf: number | undefined
}

/**
 * Creates creatives and replaces their images. An upload reserves quota, receives and processes the file, puts its blobs, and
 * becomes visible by one transaction. A failed upload leaves nothing, or a row for the sweep.
 */
export interface Uploads {
  /**
   * @throws {ApiError} CHR_VALIDATION, CHR_TIME_ZONE_UNKNOWN, CHR_DATE_PAST, CHR_RATE_LIMITED, CHR_QUOTA_EXCEEDED, CHR_IMAGE_*,
   * CHR_IDEMPOTENCY_CONFLICT; CHR_NOT_FOUND if the creative of the key was deleted
   */
  create (upload: NewCreativeUpload): Promise<Uploaded>
  /** @throws {ApiError} CHR_NOT_FOUND, CHR_QUOTA_EXCEEDED, CHR_IMAGE_*, and whatever `checkVersion` throws */
  replace (upload: ReplacingUpload): Promise<Uploaded>
}
