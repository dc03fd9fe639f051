/**
 * Most memory that decoding needs, in bytes. Measured with sharp 0.35 (libvips 8.18) as the peak resident set of a fresh
 * process that decodes and resizes to 1280 pixels, over images of each format from 0.8 million pixels to the maximum.
 */
const MiB = 1024 * 1024

/** Memory of the pipeline, its result of 1280 pixels a side, and the WebP encoder. */
const baseBytes = 36 * MiB

/** Rows that libvips holds while it shrinks an image from top to bottom: 900 to 1700 were measured. */
const rowsHeld = 1700

/** libvips holds a wide image of few rows whole, with its shrunk copy: 1.3 to 1.6 times its bytes were measured. */
const wholeFactor = 1.6

/** Memory for an image that is decoded row by row. */
export function sequentialBytes (width: number, height: number, pixelBytes: number): number {
  return baseBytes + width * pixelBytes * Math.min(rowsHeld, height * wholeFactor)
}

/** Memory for an image that the decoder holds whole: an interlaced PNG, or the coefficients of a JPEG with several scans. */
export function wholeBytes (byteCount: number): number {
  return baseBytes + byteCount
}

/** libjpeg shrinks while it decodes, so it holds few rows of an image of any size. */
export const sequentialJpegBytes = baseBytes

/** The canvas, four bytes per pixel, twice if a frame restores the previous one, and the row buffers for shrinking. */
const canvasFactor = { single: 5.5, restored: 9.5 }

export function gifBytes (canvasPixels: number, { restoresPrevious }: { restoresPrevious: boolean }): number {
  return baseBytes + canvasPixels * (restoresPrevious ? canvasFactor.restored : canvasFactor.single)
}
