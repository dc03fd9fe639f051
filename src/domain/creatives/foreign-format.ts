import { formatNames, sniffImage, sniffLength } from './image.ts'

/** A format that is not accepted, told from the first bytes of a file in Latin-1. */
interface ForeignFormat {
  /** Completes "This is". */
  name: string
  pattern: RegExp
  /** Advice for the person, in place of saving the image anew. */
  advice?: string
}

const video = 'Send a picture of it.'
const raw = { name: 'a raw photo of a camera', advice: 'Export it as JPEG.' }

/** The first match counts. Types of ISO media files are listed by https://mp4ra.org/registered-types/brands. */
const foreignFormats: readonly ForeignFormat[] = [
  {
    name: 'HEIC',
    pattern: /^.{4}ftyp(he(ic|ix|im|is|vc|vx|vm|vs)|mif[12]|msf1)/s,
    advice: 'On an iPhone, choose Settings > Camera > Formats > Most Compatible, and it takes photos as JPEG.'
  },
  { name: 'an animated AVIF', pattern: /^.{4}ftypavis/s, advice: 'For a moving image, send GIF or WebP.' },
  { ...raw, pattern: /^(.{4}ftypcrx |II\*\0.{4}CR|IIRO|IIRS|MMOR|IIU\0|FUJIFILMCCD-RAW)/s },
  { name: 'JPEG XL', pattern: /^(\xff\n|\0\0\0\fJXL )/ },
  { name: 'JPEG 2000', pattern: /^(\0\0\0\fjP {2}|\xffO\xffQ)/ },
  { name: 'TIFF', pattern: /^(II\*\0|MM\0\*)/ },
  { name: 'BMP', pattern: /^BM/ },
  { name: 'a Photoshop document', pattern: /^8BPS/ },
  { name: 'PDF', pattern: /^%PDF-/ },
  { name: 'SVG', pattern: /^\s*(<\?xml|<svg)/i },
  { name: 'a video', pattern: /^(.{4}(ftyp|moov|mdat|wide)|.E\xdf\xa3|RIFF.{4}AVI )/s, advice: video }
]

/** Returns a sentence about a common format that is not accepted, by the first `sniffLength` bytes of a file. */
export function explainForeign (head: Buffer): string | undefined {
  if (sniffImage(head) !== undefined) return undefined
  const start = head.toString('latin1', 0, sniffLength)
  const found = foreignFormats.find(({ pattern }) => pattern.test(start))
  if (found === undefined) return undefined
  return [`This is ${found.name}.`, `Send ${formatNames}.`, found.advice].filter((sentence) => sentence !== undefined).join(' ')
}
