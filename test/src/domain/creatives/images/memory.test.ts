import t from 'tap'
import { checkMemory, type ImageFacts } from '../../../../../src/domain/creatives/images/facts.ts'
import { defaultImageMemoryBytes } from '../../../../../src/domain/creatives/image.ts'
import { inspect } from '../../../../../src/domain/creatives/images/inspect.ts'
import { bytesSource, gifFrame, gifScreen, gifTrailer, jpegSegment, pngChunk, pngHeader, pngOf } from '../../../../fixtures/image-parts.ts'

interface Jpeg {
  width: number
  height: number
  code?: number
  /** Sampling factors of the brightness: 0x11 for full colours, 0x22 for halved ones, none for grey. */
  sampling?: number
}

async function inspectJpegOf ({ width, height, code = 0xc0, sampling }: Jpeg): Promise<ImageFacts> {
  const components = sampling === undefined ? [1, 0x11, 0] : [1, sampling, 0, 2, 0x11, 0, 3, 0x11, 0]
  const frame = Buffer.from([8, 0, 0, 0, 0, components.length / 3, ...components])
  frame.writeUInt16BE(height, 1)
  frame.writeUInt16BE(width, 3)
  const scan = [components.length / 3, ...components.filter((_, index) => index % 3 === 0).flatMap((id) => [id, 0]), 0, 63, 0]
  return (await inspect['image/jpeg'](bytesSource(Buffer.concat([
    Buffer.from([0xff, 0xd8]), jpegSegment(code, frame), jpegSegment(0xda, Buffer.from(scan)), Buffer.from([0xff, 0xd9])
  ])))).facts
}

const inspectPngOf = async (...header: Parameters<typeof pngHeader>): Promise<ImageFacts> =>
  (await inspect['image/png'](bytesSource(pngOf(pngHeader(...header), pngChunk('IDAT', 'x'), pngChunk('IEND'))))).facts
const inspectGifOf = async (width: number, height: number): Promise<ImageFacts> =>
  (await inspect['image/gif'](bytesSource(Buffer.concat([gifScreen(width, height), gifFrame(), gifTrailer])))).facts

t.test('photos of phones fit into the default memory', async (t) => {
  const cases: Array<[string, Promise<ImageFacts>]> = [
    ['48 megapixels', inspectJpegOf({ width: 8064, height: 6048, sampling: 0x11 })],
    ['a panorama', inspectJpegOf({ width: 16382, height: 3628, sampling: 0x22 })],
    ['200 megapixels', inspectJpegOf({ width: 16320, height: 12240, sampling: 0x22 })],
    ['the largest baseline JPEG', inspectJpegOf({ width: 65535, height: 65535, sampling: 0x11 })],
    ['50 megapixels, progressive', inspectJpegOf({ width: 8160, height: 6120, code: 0xc2, sampling: 0x22 })],
    ['50 megapixels, progressive and grey', inspectJpegOf({ width: 8160, height: 6120, code: 0xc2 })],
    ['a PNG of 50 megapixels', inspectPngOf(8160, 6120)],
    ['a PNG of 50 megapixels with alpha', inspectPngOf(8160, 6120, { colourType: 6 })],
    ['a PNG of 50 megapixels and 16 bits', inspectPngOf(8160, 6120, { bitDepth: 16 })],
    ['an interlaced PNG of 50 megapixels', inspectPngOf(8160, 6120, { interlace: 1 })],
    ['a GIF of 30 megapixels', inspectGifOf(6000, 5000)]
  ]
  for (const [title, facts] of cases) await t.resolves(facts.then((found) => { checkMemory(found, defaultImageMemoryBytes) }), title)
})

t.test('an image that would take more is refused, with the figures', async (t) => {
  const cases: Array<[Promise<ImageFacts>, string]> = [
    [inspectJpegOf({ width: 8160, height: 6120, code: 0xc2, sampling: 0x11 }), 'The image has 8160 x 6120 pixels and would take 322 MiB'],
    [inspectPngOf(8160, 6120, { colourType: 6, interlace: 1 }), 'The image has 8160 x 6120 pixels and would take 227 MiB'],
    [inspectPngOf(8160, 6120, { bitDepth: 16, interlace: 1 }), 'The image has 8160 x 6120 pixels and would take 355 MiB'],
    [inspectPngOf(65535, 65535), 'The image has 65535 x 65535 pixels and would take'],
    [inspectGifOf(8000, 5000), 'The image has 8000 x 5000 pixels and would take']
  ]
  for (const [facts, start] of cases) {
    await t.rejects(facts.then((found) => { checkMemory(found, defaultImageMemoryBytes) }), {
      name: 'ImageError', kind: 'too_large', message: new RegExp(`^${start}.* 192 MiB are allowed. Send a smaller one`)
    })
    await t.resolves(facts.then((found) => { checkMemory(found, found.decodeBytes) }), 'its own price is enough')
  }
})
