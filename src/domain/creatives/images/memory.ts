/**
 * What decoding takes at most, in bytes. Measured with sharp 0.35 (libvips 8.18) as the peak of the resident set of a
 * fresh process that decodes and resizes to 1280, over JPEG, PNG and GIF between 0.8 and 40 million pixels.
 */
const MiB = 1024 * 1024

/** The pipeline, the 1280 pixels that come out of it, and the WebP encoder at work on them. */
const baseBytes = 36 * MiB

/** Rows that libvips holds at once while it shrinks an image that it reads from top to bottom: 900 to 1700 seen. */
const rowsHeld = 1700

/** A wide image of few rows is held whole, and its shrunk copy too: 1.3 to 1.6 times its bytes seen. */
const wholeFactor = 1.6

/** A row by row image whose bytes are so many a pixel. */
export function sequentialBytes (width: number, height: number, pixelBytes: number): number {
  return baseBytes + width * pixelBytes * Math.min(rowsHeld, height * wholeFactor)
}

/** What the decoder must hold whole before the first row can leave: an interlaced PNG, or the coefficients of a JPEG in several scans. */
export function wholeBytes (byteCount: number): number {
  return baseBytes + byteCount
}

/** libjpeg shrinks while it decodes, so that few rows wait whatever the size is. */
export const sequentialJpegBytes = baseBytes

/** The canvas, four bytes a pixel, twice where a frame asks for the one before it, and the row buffers of the shrink. */
const canvasFactor = { kept: 5.5, restored: 9.5 }

export function gifBytes (canvasPixels: number, { restoresPrevious }: { restoresPrevious: boolean }): number {
  return baseBytes + canvasPixels * (restoresPrevious ? canvasFactor.restored : canvasFactor.kept)
}
