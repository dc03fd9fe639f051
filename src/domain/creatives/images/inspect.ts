import type { ImageType } from '../image.ts'
import { inspectAvif } from './avif.ts'
import type { ByteSource } from './cursor.ts'
import type { Inspection } from './facts.ts'
import { inspectGif } from './gif.ts'
import { inspectJpeg } from './jpeg.ts'
import { inspectPng } from './png.ts'
import { inspectWebp } from './webp.ts'

/**
 * Inspectors by type. Each reads the container of an image and returns its facts and the plan for its clean copy. It decodes
 * no pixel, and yields after each window, whatever lengths and counts the file claims.
 * @throws {ImageError}
 */
export const inspect: Record<ImageType, (source: ByteSource) => Promise<Inspection>> = {
  'image/jpeg': inspectJpeg,
  'image/png': inspectPng,
  'image/gif': inspectGif,
  'image/webp': inspectWebp,
  'image/avif': inspectAvif
}
