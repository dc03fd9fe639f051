import sharp, { type Sharp, type SharpOptions } from 'sharp'
import { maximumPixels } from '../../../src/domain/creatives/image.ts'
import type { ImageFacts, Orientation } from '../../../src/domain/creatives/images/facts.ts'
import { broken, ImageProblem } from '../../../src/domain/creatives/images/problem.ts'

/** Decoded pixels: eight bits a channel, sRGB, opacity last and not multiplied in. */
export interface Pixels {
  data: Buffer<ArrayBuffer>
  width: number
  height: number
  channels: 3 | 4
}

/** Everything that the decoders warn of is an error: what a browser would show half is not kept. */
const strict: SharpOptions = { failOn: 'warning', limitInputPixels: maximumPixels }

/** Restores what a camera held otherwise; see Exif 2.32, §4.6.4, tag 0x0112. sharp mirrors first, then turns. */
const turns: Record<Exclude<Orientation, 1>, (image: Sharp) => Sharp> = {
  2: (image) => image.flop(),
  3: (image) => image.rotate(180),
  4: (image) => image.flip(),
  5: (image) => image.flip().rotate(90),
  6: (image) => image.rotate(90),
  7: (image) => image.flop().rotate(90),
  8: (image) => image.rotate(270)
}

/** Leaves the decoders of JPEG, PNG and GIF alone in the process, each known by the first bytes of a file. */
export function restrictDecoders (): void {
  sharp.block({ operation: ['VipsForeignLoad'] })
  sharp.unblock({ operation: ['VipsForeignLoadJpeg', 'VipsForeignLoadPng', 'VipsForeignLoadNsgif'] })
  // Uploads run side by side, so threads within one would only multiply its buffers; and no file is seen twice.
  sharp.concurrency(1)
  sharp.cache(false)
}

/**
 * Decodes a whole file, every frame, and gives the first one within a square of `side` pixels, upright.
 * A JPEG is shrunk while it is decoded: libjpeg then skips arithmetic but reads every bit all the same, and
 * stops at the same damage (compared over several hundred damaged files).
 * @throws {ImageProblem} when a bit of it is wrong, or it takes longer than `seconds`
 */
export async function decode (file: string, { facts, side, seconds }: { facts: ImageFacts, side: number, seconds: number }): Promise<Pixels> {
  if (facts.frameCount > 1) {
    // A pixel for each frame makes it go through all of them and hardly keeps anything.
    await settle(sharp(file, { ...strict, animated: true }).resize(1, 1, { fit: 'fill' }).timeout({ seconds }).raw().toBuffer())
  }
  // A quarter turn fits into the same square; turning the large image would need all of it in memory.
  const pixels = await settle(toPixels(shrink(sharp(file, strict).timeout({ seconds }), side)))
  if (facts.orientation === 1) return pixels
  try {
    return await toPixels(turns[facts.orientation](open(pixels)))
  } finally {
    free(pixels)
  }
}

/** Pixels as the input of a new pipeline. */
export function open ({ data, width, height, channels }: Pixels): Sharp {
  return sharp(data, { raw: { width, height, channels } })
}

/** Gives the memory back now: the collector, which sees a small object, would leave some ten images lying about. */
export function free ({ data }: Pixels): void {
  data.buffer.transfer(0)
}

/** Within a square; never enlarged. */
export function shrink (image: Sharp, side: number): Sharp {
  return image.resize(side, side, { fit: 'inside', withoutEnlargement: true })
}

export async function toPixels (image: Sharp): Promise<Pixels> {
  const { data, info } = await image.toColourspace('srgb').raw({ depth: 'uchar' }).toBuffer({ resolveWithObject: true })
  return { data: data as Buffer<ArrayBuffer>, width: info.width, height: info.height, channels: info.channels === 4 ? 4 : 3 }
}

async function settle<T> (decoding: Promise<T>): Promise<T> {
  return await decoding.catch((error: Error) => {
    if (error.message.startsWith('timeout')) throw new ImageProblem('too_large', 'The image takes too long to decode. Send a smaller or simpler one.')
    throw Object.assign(broken('is damaged or incomplete'), { cause: error })
  })
}
