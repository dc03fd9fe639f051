import { setImmediate } from 'node:timers/promises'
import sharp, { type Sharp, type SharpOptions } from 'sharp'
import { imageFormats } from '../../../src/domain/creatives/image.ts'
import type { ImageFacts, Orientation } from '../../../src/domain/creatives/images/facts.ts'
import { createGammaMap } from '../../../src/domain/creatives/images/gamma.ts'
import { createToneMap } from '../../../src/domain/creatives/images/hdr.ts'
import { broken, ImageError } from '../../../src/domain/creatives/images/image-error.ts'

/** Decoded pixels: sRGB, eight bits per channel, with straight (not premultiplied) alpha last. */
export interface Pixels {
  data: Buffer<ArrayBuffer>
  width: number
  height: number
  channels: 3 | 4
}

/** Warnings of the decoders are errors, so that no image is accepted that browsers would show in part. */
function beStrict ({ width, height, frameCount }: ImageFacts): SharpOptions {
  return { failOn: 'warning', limitInputPixels: width * height * frameCount }
}

/** Pixels whose tones are mapped in one turn of the event loop: about 3 ms. */
const slicePixels = 20_000

/** Undoes each orientation (Exif 2.32, §4.6.4, tag 0x0112). sharp mirrors first, then rotates. */
const uprighting: Record<Exclude<Orientation, 1>, (image: Sharp) => Sharp> = {
  2: (image) => image.flop(),
  3: (image) => image.rotate(180),
  4: (image) => image.flip(),
  5: (image) => image.flip().rotate(90),
  6: (image) => image.rotate(90),
  7: (image) => image.flop().rotate(90),
  8: (image) => image.rotate(270)
}

/** Blocks all decoders of the process except those of `imageFormats`. */
export function restrictDecoders (): void {
  sharp.block({ operation: ['VipsForeignLoad'] })
  sharp.unblock({ operation: Object.values(imageFormats).map(({ loader }) => loader) })
  // Uploads run concurrently, so threads within one image would only multiply its buffers. No file is decoded twice, so a cache has
  // no use.
  sharp.concurrency(1)
  sharp.cache(false)
}

/**
 * Decodes a whole file with every frame, and returns the first frame upright, shrunk into a square of `side` pixels.
 * A JPEG is shrunk while it is decoded: libjpeg then skips arithmetic but still reads every bit, and stops at the same
 * damage (compared over several hundred damaged files).
 * @throws {ImageError} if any part is damaged, or decoding takes longer than `seconds`
 */
export async function decode (
  file: string, { facts, side, seconds }: { facts: ImageFacts, side: number, seconds: number }
): Promise<Pixels> {
  const strict = beStrict(facts)
  // libvips reads the first frame of a PNG; its inspector checks the others.
  if (facts.frameCount > 1 && facts.contentType !== 'image/png') {
    // One pixel per frame makes libvips decode every frame but hold almost nothing.
    await toImageError(sharp(file, { ...strict, animated: true }).resize(1, 1, { fit: 'fill' }).timeout({ seconds }).raw().toBuffer())
  }
  // A rotated image fits into the same square; rotating before shrinking would need the whole image in memory.
  const pixels = await toImageError(toPixels(shrink(sharp(file, strict).timeout({ seconds }), side)))
  if (facts.hdr !== undefined) await mapColours(pixels, createToneMap(facts.hdr))
  if (facts.gamma !== undefined) await mapColours(pixels, createGammaMap(facts.gamma))
  if (facts.orientation === 1) return pixels
  try {
    return await toPixels(uprighting[facts.orientation](open(pixels)))
  } finally {
    free(pixels)
  }
}

/** Maps pixels in place, and yields to the event loop after each slice. */
async function mapColours ({ data, channels }: Pixels, map: ReturnType<typeof createToneMap>): Promise<void> {
  for (let at = 0; at < data.length; at += slicePixels * channels) {
    map(data.subarray(at, at + slicePixels * channels), channels)
    await setImmediate()
  }
}

/** Starts a new pipeline with these pixels. */
export function open ({ data, width, height, channels }: Pixels): Sharp {
  return sharp(data, { raw: { width, height, channels } })
}

/** Frees the memory at once: the garbage collector sees only a small object and would let about ten images pile up. */
export function free ({ data }: Pixels): void {
  data.buffer.transfer(0)
}

/** Shrinks an image into a square; never enlarges it. */
export function shrink (image: Sharp, side: number): Sharp {
  return image.resize(side, side, { fit: 'inside', withoutEnlargement: true })
}

export async function toPixels (image: Sharp): Promise<Pixels> {
  const { data, info } = await image.toColourspace('srgb').raw({ depth: 'uchar' }).toBuffer({ resolveWithObject: true })
  return { data: data as Buffer<ArrayBuffer>, width: info.width, height: info.height, channels: info.channels === 4 ? 4 : 3 }
}

async function toImageError<T> (decoding: Promise<T>): Promise<T> {
  return await decoding.catch((error: Error) => {
    if (error.message.startsWith('timeout')) {
      throw new ImageError('too_large', 'The image takes too long to decode. Send a smaller or simpler one.')
    }
    throw Object.assign(broken('is damaged or incomplete'), { cause: error })
  })
}
