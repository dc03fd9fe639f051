import { rgbaToThumbHash } from 'thumbhash'
import { dominantColor } from '../../../src/domain/creatives/images/dominant-color.ts'
import { free, open, shrink, toPixels, type Pixels } from './decode.ts'

/** Longest sides in pixels. */
export const previewSide = 1280
const thumbnailSide = 320
/** ThumbHash accepts up to 100 pixels and encodes seven frequencies per side: 64 are enough, in less than half the time. */
const hashSide = 64

/**
 * The lowest effort. Previews of photos take 24 to 49 ms; their size is within 4 % of effort 2 (54 to 92 ms) and within 10 %
 * of sharp's default of 4 (102 to 191 ms), at the same quality. Flat graphics and pages of text grow by 13 to 17 %, images
 * with alpha by 5 to 14 %; a cut-out photo takes 97 ms instead of 316 ms.
 */
const webp = { quality: 80, effort: 0 }

/** Smaller images and placeholders for an image. */
export interface Derivatives {
  preview: Buffer
  thumbnail: Buffer
  dominantColor: string
  /** Base64. */
  thumbHash: string
}

/** Creates the derivatives from pixels within `previewSide`; the WebP files hold no metadata. */
export async function derive (pixels: Pixels): Promise<Derivatives> {
  const preview = await open(pixels).webp(webp).toBuffer()
  const small = await toPixels(shrink(open(pixels), thumbnailSide))
  try {
    return { preview, thumbnail: await open(small).webp(webp).toBuffer(), ...await createPlaceholders(small) }
  } finally {
    free(small)
  }
}

async function createPlaceholders (pixels: Pixels): Promise<Pick<Derivatives, 'dominantColor' | 'thumbHash'>> {
  const { data, width, height } = await toPixels(shrink(open(pixels), hashSide).ensureAlpha())
  return { dominantColor: dominantColor(data), thumbHash: Buffer.from(rgbaToThumbHash(width, height, data)).toString('base64') }
}
