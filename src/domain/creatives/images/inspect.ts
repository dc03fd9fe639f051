import type { ImageType } from '../image.ts'
import type { ByteSource } from './cursor.ts'
import type { Inspection } from './facts.ts'
import { inspectGif } from './gif.ts'
import { inspectJpeg } from './jpeg.ts'
import { inspectPng } from './png.ts'

/**
 * Reads the container of an image, whose first bytes have said its type: what it is, and how to write it clean.
 * No pixel is decoded. Work is done a window at a time, whatever lengths and counts the file claims.
 * @throws {ImageProblem}
 */
export const inspect: Record<ImageType, (source: ByteSource) => Promise<Inspection>> = {
  'image/jpeg': inspectJpeg,
  'image/png': inspectPng,
  'image/gif': inspectGif
}
