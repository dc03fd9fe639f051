/**
 * Most memory that decoding needs, in bytes: the growth of the resident set of a fresh process that decodes and resizes to 1280 pixels
 * and writes the WebP files, with sharp 0.35 (libvips 8.18) and the variables of `npm start`. Measured at 8160 x 6120 pixels:
 *
 * | image | measured | price |
 * | --- | --- | --- |
 * | JPEG, baseline, 4:2:0 and 4:4:4 | 23 and 30 MiB | 36 MiB |
 * | JPEG, baseline, 16382 x 3628 | 17 MiB | 36 MiB |
 * | JPEG, progressive, grey, 4:2:0 and 4:4:4 | 112, 169 and 319 MiB | 132, 179 and 322 MiB |
 * | PNG, 8 bits, RGB and RGBA | 48 and 70 MiB | 76 and 89 MiB |
 * | PNG, 16 bits, RGB | 91 MiB | 116 MiB |
 * | PNG, interlaced, RGB of 8 and 16 bits | 178 and 351 MiB | 179 and 355 MiB |
 * | GIF, one frame | 250 MiB | 275 MiB |
 * | GIF, 50 frames of 1280 x 720 | 19 MiB | 41 MiB |
 */
const MiB = 1024 * 1024

/** Memory of the pipeline, its result of 1280 pixels a side, and the WebP encoder. */
const baseBytes = 36 * MiB

/** Rows that libvips holds while it shrinks an image from top to bottom: 900 to 1700 were measured. */
const rowsHeld = 1700

/** libvips holds a wide image of few rows whole, with its shrunk copy: 1.3 to 1.6 times its bytes were measured. */
const wholeFactor = 1.6

/** Rows of 16 bits that are held in addition while they are converted to 8 bits. */
const wideRowsHeld = 700

/** Memory for an image that is decoded row by row. */
export function sequentialBytes (width: number, height: number, pixelBytes: number): number {
  return baseBytes + width * pixelBytes * Math.min(rowsHeld, height * wholeFactor)
}

/** Memory for an image that the decoder holds whole, such as the coefficients of a JPEG with several scans. */
export function wholeBytes (byteCount: number): number {
  return baseBytes + byteCount
}

/** Memory for an interlaced PNG. */
export function interlacedBytes ({ width, height, channelCount, bitDepth }: {
  width: number, height: number, channelCount: number, bitDepth: number
}): number {
  const rowBytes = width * channelCount * (bitDepth === 16 ? 2 : 1)
  return wholeBytes(rowBytes * (height + (bitDepth === 16 ? wideRowsHeld : 0)))
}

/** libjpeg shrinks while it decodes, so it holds few rows of an image of any size. */
export const sequentialJpegBytes = baseBytes

/** The canvas, four bytes per pixel, twice if a frame restores the previous one, and the row buffers for shrinking. */
const canvasFactor = { single: 5, restored: 9 }

export function gifBytes (canvasPixels: number, { restoresPrevious }: { restoresPrevious: boolean }): number {
  return baseBytes + canvasPixels * (restoresPrevious ? canvasFactor.restored : canvasFactor.single)
}

export interface WebpContent {
  hasLossless: boolean
  hasAlpha: boolean
  frameCount: number
}

/** libwebp shrinks a lossy image while it decodes, but holds these whole: 5.5, 0.8 and 7 bytes per pixel were measured. */
const webpPixelBytes = { lossless: 6, alpha: 1.5, canvas: 8 }

export function webpBytes (pixelCount: number, { hasLossless, hasAlpha, frameCount }: WebpContent): number {
  const pixelBytes = (hasLossless ? webpPixelBytes.lossless : 0) + (hasAlpha ? webpPixelBytes.alpha : 0) +
    (frameCount > 0 ? webpPixelBytes.canvas : 0)
  return baseBytes + pixelCount * pixelBytes
}

/** libheif holds an image whole in several forms: 18 bytes per pixel were measured with 8 bits per channel, 24 with more. */
export function avifBytes (pixelCount: number, { isDeep }: { isDeep: boolean }): number {
  return baseBytes + pixelCount * (isDeep ? 24 : 18)
}
