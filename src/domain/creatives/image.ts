/** Default of `UPLOAD_MAX_BYTES`: 10 MiB. */
export const defaultUploadBytes = 10 * 1024 * 1024

/** Default of `IMAGE_MEMORY_BYTES`: 192 MiB, enough for a progressive photo of 50 megapixels with halved colours. */
export const defaultImageMemoryBytes = 192 * 1024 * 1024

/** The longest side that JPEG and GIF can have. A PNG could be wider, but no browser shows it. */
export const maximumSide = 65_535

/** Number of bytes from the start of a file that `sniffImage` and `explainForeign` need. */
export const sniffLength = 64

/** The forms in which an image is stored, each a blob of its own. */
export const variants = ['original', 'preview', 'thumbnail'] as const
export type Variant = typeof variants[number]

/** Type of the preview and the thumbnail. */
const derivativeType = 'image/webp'

interface ImageFormat {
  name: string
  /** Tests the first bytes of a file, in Latin-1. */
  matches: (start: string) => boolean
  /** The operation of libvips that decodes it. All other decoders are blocked. */
  loader: string
}

/**
 * The formats that an upload may have. Error sentences, schemas and decoders derive from this table; a new format also
 * needs an inspector in `images/`.
 */
export const imageFormats = {
  'image/jpeg': { name: 'JPEG', matches: (start) => start.startsWith('\xff\xd8\xff'), loader: 'VipsForeignLoadJpeg' },
  'image/png': { name: 'PNG', matches: (start) => start.startsWith('\x89PNG\r\n\x1a\n'), loader: 'VipsForeignLoadPng' },
  'image/gif': { name: 'GIF', matches: (start) => /^GIF8[79]a/.test(start), loader: 'VipsForeignLoadNsgif' },
  'image/webp': { name: 'WebP', matches: (start) => /^RIFF.{4}WEBP/s.test(start), loader: 'VipsForeignLoadWebp' },
  'image/avif': { name: 'AVIF', matches: isAvif, loader: 'VipsForeignLoadHeif' }
} as const satisfies Record<string, ImageFormat>

export type ImageType = keyof typeof imageFormats

export const imageTypes = Object.keys(imageFormats) as ImageType[]

/** Types of all images that the service sends: uploads and derivatives. */
export const servedTypes: readonly string[] = [...new Set<string>([...imageTypes, derivativeType])]

/** Names of the formats for sentences: `JPEG, PNG or GIF`. */
export const formatNames = new Intl.ListFormat('en-GB', { type: 'disjunction' }).format(Object.values(imageFormats).map(({ name }) => name))

/** The last sentence of each error about a broken file. */
export const resaveAdvice = `Open it, save it anew as ${formatNames}, and send that.`

/** Content type of a variant of an image whose original has this type. */
export function contentTypeOfVariant (variant: Variant, originalType: string): string {
  return variant === 'original' ? originalType : derivativeType
}

/** Returns the type by content; the file name and the declared type are ignored. */
export function sniffImage (head: Buffer): ImageType | undefined {
  const start = head.toString('latin1', 0, sniffLength)
  return imageTypes.find((type) => imageFormats[type].matches(start))
}

/** The brand may be the first one or one of the compatible ones, except in a film (`avis`). ISO/IEC 14496-12, §4.3. */
function isAvif (start: string): boolean {
  if (start.slice(4, 8) !== 'ftyp' || start.slice(8, 12) === 'avis') return false
  return start.slice(8, 12) === 'avif' || /^(.{4})*avif/s.test(start.slice(16, Buffer.from(start, 'latin1').readUInt32BE()))
}
