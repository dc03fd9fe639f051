import t from 'tap'
import { defaultImageMemoryBytes } from '../../../../../src/domain/creatives/image.ts'
import { checkMemory } from '../../../../../src/domain/creatives/images/facts.ts'
import { inspectWebp } from '../../../../../src/domain/creatives/images/webp.ts'
import { bytesSource } from '../../../../fixtures/image-parts.ts'
import { picture } from '../../../../fixtures/pictures.ts'
import { chunkOf, webpAnimation, webpChunk, webpFlag, webpFrame, webpHeader, webpOf } from '../../../../fixtures/webp-parts.ts'

const size = { width: 24, height: 16 }
const lossy = chunkOf(await picture(24, 16).webp().toBuffer(), 'VP8 ')
const lossless = chunkOf(await picture(24, 16).webp({ lossless: true }).toBuffer(), 'VP8L')
const alphaPlane = chunkOf(await picture(24, 16, { channels: 4 }).webp().toBuffer(), 'ALPH')
const still = webpHeader(24, 16)
const moving = webpHeader(24, 16, webpFlag.animation)
const frame = webpFrame(size, lossy)

/** Changes one byte of the data of a chunk. */
function change (chunk: Buffer, at: number, value: number): Buffer {
  const changed = Buffer.from(chunk)
  changed[8 + at] = value
  return changed
}

const cases: Array<[string, Buffer, RegExp]> = [
  ['no chunk', webpOf([]), /no pixels/],
  ['a header alone', webpOf([still]), /no pixels/],
  ['a header and a plane of alpha alone', webpOf([still, alphaPlane]), /no pixels/],
  ['an animation without frames', webpOf([moving, webpAnimation]), /no pixels/],
  ['a file that ends in the RIFF header', webpOf([lossy]).subarray(0, 11), /ends before/],
  ['a file that ends in the head of a chunk', webpOf([lossy]).subarray(0, 17), /ends before/],
  ['a file that ends in its pixels', webpOf([lossy]).subarray(0, -10), /ends before/],
  ['a file that ends in its metadata', webpOf([still, lossy, webpChunk('EXIF', Buffer.alloc(100))]).subarray(0, -50), /ends before/],
  ['a file that ends between its frames', webpOf([moving, webpAnimation, frame, frame]).subarray(0, -frame.length), /ends before/],
  ['a file that ends between its chunks', webpOf([still, lossy, webpChunk('EXIF', 'x')]).subarray(0, -10), /ends before/],
  ['a length that is too large', webpOf([lossy], lossy.length + 6), /ends before/],
  ['the largest length', webpOf([lossy], 0xffffffff), /ends before/],
  ['a length that is too small', webpOf([lossy], lossy.length), /ends before/],
  ['a length of zero', webpOf([lossy], 0), /no pixels/],
  ['a length that ends in the header', webpOf([still, lossy], 20), /ends before/],
  ['a chunk that claims more than the file has',
    webpOf([Buffer.concat([Buffer.from('VP8 \xff\xff\xff\x7f', 'latin1'), lossy.subarray(8)])]), /ends before/],
  ['an unknown chunk at the start', webpOf([webpChunk('ABCD', 'x'), lossy]), /exactly one header/],
  ['a plane of alpha at the start', webpOf([alphaPlane, lossy]), /exactly one header/],
  ['two headers', webpOf([still, still, lossy]), /exactly one header/],
  ['a header after the image', webpOf([lossy, still]), /exactly one header/],
  ['a header that is too long', webpOf([webpChunk('VP8X', Buffer.alloc(12)), lossy]), /wrong length/],
  ['a canvas that is larger than its image', webpOf([webpHeader(25, 16), lossy]), /another size/],
  ['a canvas that is smaller than its image', webpOf([webpHeader(24, 15), lossless]), /another size/],
  ['two images', webpOf([still, lossy, lossy]), /forbidden position/],
  ['two planes of alpha', webpOf([still, alphaPlane, alphaPlane, lossy]), /forbidden position/],
  ['a plane of alpha after the image', webpOf([still, lossy, alphaPlane]), /forbidden position/],
  ['a plane of alpha before a lossless image', webpOf([still, alphaPlane, lossless]), /forbidden position/],
  ['an image beside the frames', webpOf([moving, webpAnimation, frame, lossy]), /outside of its frames/],
  ['a frame that is not announced', webpOf([moving, frame, webpAnimation]), /forbidden position/],
  ['an announcement of frames that is too short', webpOf([moving, webpChunk('ANIM', 'x'), frame]), /too short/],
  ['a frame that is too short', webpOf([moving, webpAnimation, webpChunk('ANMF', 'x')]), /too short/],
  ['a frame without pixels', webpOf([moving, webpAnimation, webpFrame(size)]), /without pixels/],
  ['a frame with alpha alone', webpOf([moving, webpAnimation, webpFrame(size, alphaPlane)]), /without pixels/],
  ['a frame whose image ends after it', webpOf([moving, webpAnimation, webpFrame(size, lossy.subarray(0, -10))]), /ends before/],
  ['a frame of another size than its image', webpOf([moving, webpAnimation, webpFrame({ width: 24, height: 15 }, lossy)]), /another size/],
  ['a frame of another width than its image', webpOf([moving, webpAnimation, webpFrame({ width: 23, height: 16 }, lossy)]), /another size/],
  ['a frame that exceeds the canvas to the right',
    webpOf([moving, webpAnimation, webpFrame({ ...size, left: 2 }, lossy)]), /exceeds its canvas/],
  ['a frame that exceeds the canvas below', webpOf([moving, webpAnimation, webpFrame({ ...size, top: 2 }, lossy)]), /exceeds its canvas/],
  ['a lossy image that is too short', webpOf([webpChunk('VP8 ', lossy.subarray(8, 18))]), /too short/],
  ['a lossless image that is too short', webpOf([webpChunk('VP8L', lossless.subarray(8, 13))]), /too short/],
  ['a lossy image that is not a key frame', webpOf([change(lossy, 0, lossy.readUInt8(8) | 1)]), /wrong header/],
  ['a lossy image of an unknown profile', webpOf([change(lossy, 0, lossy.readUInt8(8) | 0x0e)]), /wrong header/],
  ['a lossy image that is hidden', webpOf([change(lossy, 0, lossy.readUInt8(8) & ~0x10)]), /wrong header/],
  ['a lossy image whose first part exceeds it', webpOf([change(lossy, 2, 0xff)]), /wrong header/],
  ['a lossy image with a wrong start code', webpOf([change(lossy, 3, 0)]), /wrong header/],
  ['a lossy image without width', webpOf([change(change(lossy, 6, 0), 7, 0)]), /width or height is zero/],
  ['a lossless image with a wrong signature', webpOf([change(lossless, 0, 0)]), /wrong header/],
  ['a lossless image of an unknown version', webpOf([change(lossless, 4, 0xff)]), /wrong header/]
]

t.test('files that decoders refuse are refused', async (t) => {
  for (const [title, webp, message] of cases) await t.rejects(inspectWebp(bytesSource(webp)), { kind: 'broken', message }, title)
})

t.test('a canvas that is too large, and frames with too many pixels, are refused', async (t) => {
  const cases: Array<[string, Buffer[], RegExp]> = [
    ['a canvas', [webpHeader(70_000, 70_000), lossy], /claims/],
    ['frames', [webpHeader(60_000, 60_000, webpFlag.animation), webpAnimation, frame], /in all its frames/]
  ]
  for (const [title, chunks, message] of cases) {
    await t.rejects(inspectWebp(bytesSource(webpOf(chunks))), { kind: 'too_large', message }, title)
  }
})

t.test('a lossless image of 268 million pixels needs more memory than the default', async (t) => {
  const huge = [1, 2, 3, 4].reduce((image, at) => change(image, at, at === 4 ? 0x0f : 0xff), lossless)
  const { facts } = await inspectWebp(bytesSource(webpOf([huge])))
  t.match(facts, { width: 16_384, height: 16_384 })
  t.throws(() => { checkMemory(facts, defaultImageMemoryBytes) }, { name: 'ImageError', message: /memory/ })
})
