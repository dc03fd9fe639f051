import type { ImageType } from '../../../src/domain/creatives/image.ts'
import type { RemovedKind } from '../../../src/domain/creatives/images/derivative-plan.ts'

/** A file that was made from an upload and waits in the staging folder to be put into its place. */
export interface ImageFile {
  path: string
  byteCount: number
  sha256: Buffer
}

export type { RemovedKind }

export interface ProcessedImage {
  contentType: ImageType
  /** As it is shown: after its orientation. */
  width: number
  height: number
  /** Frames of a GIF; 1 otherwise. */
  frameCount: number
  removed: RemovedKind[]
  /** `#rrggbb` */
  dominantColor: string
  /** Base64. */
  thumbHash: string
  /** The upload, cleaned: the pixels bit for bit, with colour profile and orientation, and nothing else. */
  original: ImageFile
  /** WebP, at most 1280 pixels a side; never enlarged. */
  preview: ImageFile
  /** WebP, at most 320 pixels a side; never enlarged. */
  thumbnail: ImageFile
}

/** Turns uploads into what may be stored and shown. */
export interface Images {
  /**
   * Checks a staged file whole and makes the files to be stored, beside it; the staged file itself stays.
   * On any error nothing that it made is left.
   * @throws {ApiError} CHR_IMAGE_TYPE, CHR_IMAGE_BROKEN, CHR_IMAGE_TOO_LARGE (pixels)
   * @throws {UnavailableError} when the file system does not do its part
   */
  process (path: string, signal?: AbortSignal): Promise<ProcessedImage>
}
