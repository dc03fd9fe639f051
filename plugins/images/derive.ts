import { rgbaToThumbHash } from 'thumbhash'
import { dominantColor } from '../../src/domain/images/dominant-color.ts'
import { open, shrink, toPixels, type Pixels } from './decode.ts'

/** Sides in pixels. */
export const previewSide = 1280
const thumbnailSide = 320
/** ThumbHash takes up to 100, and keeps seven waves a side: these are enough, in less than half the time. */
const hashSide = 64

/** Half of sharp's default effort: files 2 % larger, in half the time. */
const webp = { quality: 80, effort: 2 }

/** Small things to show before, or instead of, the image. */
export interface Derivatives {
  preview: Buffer
  thumbnail: Buffer
  dominantColor: string
  /** Base64. */
  thumbHash: string
}

/** Makes them from pixels within `previewSide`; the files hold pixels and nothing else. */
export async function derive (pixels: Pixels): Promise<Derivatives> {
  const preview = await open(pixels).webp(webp).toBuffer()
  const thumbnail = await shrink(open(pixels), thumbnailSide).webp(webp).toBuffer()
  const { data, width, height } = await toPixels(shrink(open(pixels), hashSide).ensureAlpha())
  return {
    preview,
    thumbnail,
    dominantColor: dominantColor(data),
    thumbHash: Buffer.from(rgbaToThumbHash(width, height, data)).toString('base64')
  }
}
