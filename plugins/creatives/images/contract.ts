import type { ImageType } from '../../../src/domain/creatives/image.ts'
import type { RemovedKind } from '../../../src/domain/creatives/images/derivative-plan.ts'
import type { LocalFile } from '../../platform/blob-store/contract.ts'

export type { RemovedKind }

export interface ProcessedImage {
  contentType: ImageType
  /** Displayed size in pixels, after the orientation is applied. */
  width: number
  height: number
  /** Number of frames of a GIF; 1 for other formats. */
  frameCount: number
  removed: RemovedKind[]
  /** `#rrggbb` */
  dominantColor: string
  /** Base64. */
  thumbHash: string
  /** The cleaned upload: unchanged pixels, colour profile and orientation, and nothing else. */
  original: LocalFile
  /** WebP with sides of at most 1280 pixels, never enlarged. */
  preview: LocalFile
  /** WebP with sides of at most 320 pixels, never enlarged. */
  thumbnail: LocalFile
}

/** Checks uploads and creates the files to store. */
export interface Images {
  /**
   * Checks a whole staged file and writes the files to store into the same folder; the staged file itself stays. After an
   * error none of the new files is left.
   * @throws {ApiError} CHR_IMAGE_TYPE, CHR_IMAGE_BROKEN, CHR_IMAGE_TOO_LARGE (pixels)
   * @throws {UnavailableError} if the file system fails
   */
  process (path: string, signal?: AbortSignal): Promise<ProcessedImage>
}
