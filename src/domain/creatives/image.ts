/** Largest image, in bytes: 10 MiB exactly. */
export const maximumImageBytes = 10 * 1024 * 1024

/** Most pixels that an image may have, all frames of a GIF together: decoded they can take 8 bytes each. */
export const maximumPixels = 40_000_000

/** The longest side that JPEG and GIF can state. A PNG could be 40 million pixels wide, and a few such rows fill any memory. */
export const maximumSide = 65_535

/** How many bytes from the start of a file `sniffImage` and `describeForeign` want. */
export const sniffLength = 32

/** The forms in which one image is kept, each a blob of its own. */
export const variants = ['original', 'preview', 'thumbnail'] as const
export type Variant = typeof variants[number]

export type ImageType = 'image/jpeg' | 'image/png' | 'image/gif'

const signatures: Array<[ImageType, string]> = [
  ['image/jpeg', '\xff\xd8\xff'],
  ['image/png', '\x89PNG\r\n\x1a\n'],
  ['image/gif', 'GIF87a'],
  ['image/gif', 'GIF89a']
]

/** The type by content; names and declared types are never asked. */
export function sniffImage (head: Buffer): ImageType | undefined {
  const start = head.toString('latin1', 0, sniffLength)
  return signatures.find(([, signature]) => start.startsWith(signature))?.[0]
}

const foreign: Array<[string, RegExp]> = [
  ['HEIC', /^....ftyp(heic|heix|hevc|heim|heis|mif1|msf1)/s],
  ['AVIF', /^....ftyp(avif|avis)/s],
  ['WebP', /^RIFF....WEBP/s],
  ['TIFF', /^(II\*\0|MM\0\*)/],
  ['BMP', /^BM/],
  ['PDF', /^%PDF-/],
  ['SVG', /^\s*(<\?xml|<svg)/i]
]

/** The name of a format that people take for one of ours, so that the refusal can say what it was. */
export function describeForeign (head: Buffer): string | undefined {
  const start = head.toString('latin1', 0, sniffLength)
  return foreign.find(([, pattern]) => pattern.test(start))?.[0]
}
