import t from 'tap'
import { inspectWebp } from '../../../../../src/domain/creatives/images/webp.ts'
import { bytesSource, follow, gpsEntry, orientationEntry, tiff } from '../../../../fixtures/image-parts.ts'
import { animation, picture, pixelsOf } from '../../../../fixtures/pictures.ts'
import { chunkOf, webpAnimation, webpChunk, webpChunks, webpFlag, webpFrame, webpHeader, webpOf } from '../../../../fixtures/webp-parts.ts'

const width = 24
const height = 16
const { alpha, profile, exif, xmp, animation: animated } = webpFlag
const lossy = chunkOf(await picture(width, height).webp({ quality: 90 }).toBuffer(), 'VP8 ')
const lossless = chunkOf(await picture(width, height).webp({ lossless: true }).toBuffer(), 'VP8L')
const clear = chunkOf(await picture(width, height, { channels: 4 }).webp({ lossless: true }).toBuffer(), 'VP8L')
const cutOut = await picture(width, height, { channels: 4 }).webp().toBuffer()
const [alphaPlane, colours] = [chunkOf(cutOut, 'ALPH'), chunkOf(cutOut, 'VP8 ')]
const p3 = chunkOf(await picture(width, height).withIccProfile('p3').webp().toBuffer(), 'ICCP')
const header = (flags = 0) => webpHeader(width, height, flags)
const frame = (...chunks: Buffer[]) => webpFrame({ width, height }, ...chunks)
const moving = header(animated)
const secret = webpChunk('EXIF', tiff({ entries: [orientationEntry(6), gpsEntry], nextDirectory: 8 }))

/** Cleans a file twice and checks that the second time changes nothing. */
async function clean (webp: Buffer) {
  const inspection = await inspectWebp(bytesSource(webp))
  const cleaned = follow(inspection, webp)
  const again = await inspectWebp(bytesSource(cleaned))
  if (!follow(again, cleaned).equals(cleaned) || again.plan.removed.size > 0) throw new Error('cleaning twice differs from cleaning once')
  return { ...inspection.facts, removed: [...inspection.plan.removed].sort(), cleaned }
}

t.test('files without metadata are copied as they are', async (t) => {
  const cases: Array<[string, Buffer, object]> = [
    ['a lossy image', webpOf([lossy]), { frameCount: 1 }],
    ['a lossless image', webpOf([lossless]), { frameCount: 1 }],
    ['a lossless image with alpha', webpOf([clear]), { frameCount: 1 }],
    ['an extended image', webpOf([header(), lossy]), { frameCount: 1 }],
    ['an image with a plane of alpha', webpOf([header(alpha), alphaPlane, colours]), { frameCount: 1 }],
    ['a profile', webpOf([header(profile), p3, lossy]), { frameCount: 1 }],
    ['a profile after the pixels', webpOf([header(profile), lossy, p3]), { frameCount: 1 }],
    ['an animation', webpOf([moving, webpAnimation, frame(lossy), frame(lossless)]), { frameCount: 2 }],
    ['an animation with alpha',
      webpOf([header(animated | alpha), webpAnimation, frame(alphaPlane, colours), frame(clear)]), { frameCount: 2 }]
  ]
  for (const [title, webp, facts] of cases) {
    const result = await clean(webp)
    t.match(result, { contentType: 'image/webp', width, height, orientation: 1, removed: [], ...facts }, title)
    t.ok(result.cleaned.equals(webp), title)
  }
})

t.test('metadata is removed, and its kinds are reported', async (t) => {
  const text = webpChunk('XMP ', '<x:xmpmeta>secret</x:xmpmeta>')
  const plain = webpOf([header(), lossy])
  const cases: Array<[string, Buffer[], Buffer, string[]]> = [
    ['EXIF, whose orientation browsers ignore', [header(exif), lossy, secret], plain, ['exif', 'gps', 'thumbnail']],
    ['EXIF with the prefix of JPEG',
      [header(exif), lossy, webpChunk('EXIF', `Exif\0\0${tiff({ entries: [gpsEntry] }).toString('latin1')}`)], plain, ['exif', 'gps']],
    ['EXIF that is empty', [header(exif), lossy, webpChunk('EXIF')], plain, ['exif']],
    ['EXIF and XMP before the image', [header(exif | xmp), secret, text, lossy], plain, ['exif', 'gps', 'thumbnail', 'xmp']],
    ['XMP', [header(xmp), lossy, text], plain, ['xmp']],
    ['flags without their chunks', [header(exif | xmp | profile), lossy], plain, []],
    ['reserved flags', [header(0xc1), lossy], plain, []],
    ['an unknown chunk', [header(), webpChunk('ABCD', 'secret'), lossy], plain, ['application_data']],
    ['a profile without its flag', [header(), p3, lossy], plain, ['application_data']],
    ['a second profile', [header(profile), p3, p3, lossy], webpOf([header(profile), p3, lossy]), ['application_data']],
    ['an invalid profile', [header(profile), webpChunk('ICCP', 'secret'.repeat(20)), lossy], plain, ['application_data']],
    ['a profile of a simple file', [lossy, p3], webpOf([lossy]), ['application_data']],
    ['EXIF of a simple file', [lossy, secret], webpOf([lossy]), ['exif', 'gps', 'thumbnail']],
    ['a second image of a simple file', [lossy, lossless], webpOf([lossy]), ['application_data']],
    ['frames of a still image', [header(), webpAnimation, frame(lossless), lossy], plain, ['application_data']],
    ['EXIF of a frame', [moving, webpAnimation, frame(lossy, secret)], webpOf([moving, webpAnimation, frame(lossy)]), ['exif']],
    ['unknown chunks of a frame', [moving, webpAnimation, frame(webpChunk('ABCD', 'secret'), alphaPlane, webpChunk('EFGH', 'x'), colours)],
      webpOf([header(animated | alpha), webpAnimation, frame(alphaPlane, colours)]), ['application_data']],
    ['bytes at the end of a frame',
      [moving, webpAnimation, frame(lossy, Buffer.from('secret'))], webpOf([moving, webpAnimation, frame(lossy)]), []],
    ['reserved flags of a frame', [moving, webpAnimation, webpFrame({ width, height, flags: 0xff }, lossy)],
      webpOf([moving, webpAnimation, webpFrame({ width, height, flags: 3 }, lossy)]), []],
    ['a second announcement of frames',
      [moving, webpAnimation, webpAnimation, frame(lossy)], webpOf([moving, webpAnimation, frame(lossy)]), ['application_data']],
    ['a longer announcement of frames', [moving, webpChunk('ANIM', '\xff\xff\xff\xff\0\0secret'), frame(lossy)],
      webpOf([moving, webpAnimation, frame(lossy)]), ['application_data']]
  ]
  for (const [title, chunks, expected, removed] of cases) {
    const result = await clean(webpOf(chunks))
    t.same(result.removed, removed, title)
    t.ok(result.cleaned.equals(expected), `${title} leaves no trace`)
  }
})

t.test('alpha that the header does not announce is announced, because browsers show it', async (t) => {
  for (const chunks of [[header(), clear], [header(), alphaPlane, colours]]) {
    const { cleaned } = await clean(webpOf(chunks))
    t.ok(cleaned.equals(webpOf([header(alpha), ...chunks.slice(1)])))
    t.equal((await pixelsOf(cleaned)).length, width * height * 4)
  }
})

t.test('padding is zero, also where the writer left it out', async (t) => {
  const [image] = webpChunks(webpOf([lossless]))
  const odd = webpChunk('VP8L', Buffer.concat([image?.data ?? Buffer.alloc(0), Buffer.alloc((image?.data.length ?? 0) % 2 + 1)]))
  t.equal(odd.readUInt32LE(4) % 2, 1, 'the chunk has an odd length')
  const stained = Buffer.from(odd)
  stained[odd.length - 1] = 7
  const plain = webpOf([odd])
  t.ok((await clean(webpOf([stained]))).cleaned.equals(plain), 'padding that is not zero')
  t.ok((await clean(plain.subarray(0, -1))).cleaned.equals(plain), 'counted padding that is missing')
  t.ok((await clean(webpOf([odd.subarray(0, -1)]))).cleaned.equals(plain), 'padding that is not counted and missing')
  const still = webpOf([moving, webpAnimation, frame(odd)])
  t.ok((await clean(still)).cleaned.equals(still), 'padding in a frame')
  t.ok((await clean(webpOf([moving, webpAnimation, frame(stained)]))).cleaned.equals(still), 'padding in a frame that is not zero')
  const oddFrame = webpChunk('ANMF', webpChunks(webpOf([frame(odd)]))[0]?.data.subarray(0, -1))
  t.ok((await clean(webpOf([moving, webpAnimation, oddFrame]))).cleaned.equals(still), 'padding in a frame that is missing')
})

t.test('data after the end of the file is removed', async (t) => {
  const webp = webpOf([lossy])
  for (const [title, upload] of [
    ['after the file', Buffer.concat([webp, Buffer.from('<script>')])],
    ['within the file, too short for a chunk', webpOf([lossy, Buffer.from('secret!')])]
  ] as const) {
    const result = await clean(upload)
    t.same(result.removed, ['trailing_data'], title)
    t.ok(result.cleaned.equals(webp), title)
  }
})

t.test('the pixels of all kinds of files do not change', async (t) => {
  for (const image of [picture(64, 48), picture(64, 48, { channels: 4 }), animation(40, 12)]) {
    for (const options of [{}, { lossless: true }, { nearLossless: true }, { quality: 20, smartSubsample: true, effort: 6 }]) {
      const webp = await image.clone().keepIccProfile().withExif({ IFD0: { Artist: 'secret' } }).webp(options).toBuffer()
      const { cleaned, removed } = await clean(webp)
      t.same(removed, ['exif'])
      t.notOk(cleaned.includes('secret'))
      t.ok((await pixelsOf(cleaned)).equals(await pixelsOf(webp)))
    }
  }
})

t.test('memory is priced by what the decoder holds whole', async (t) => {
  const price = async (...chunks: Buffer[]) => (await clean(webpOf(chunks))).decodeBytes - (await clean(webpOf([lossy]))).decodeBytes
  const pixels = width * height
  t.equal(await price(header(), lossy), 0, 'a lossy image is shrunk while it is decoded')
  t.equal(await price(lossless), 6 * pixels)
  t.equal(await price(header(alpha), alphaPlane, colours), 1.5 * pixels)
  t.equal(await price(moving, webpAnimation, frame(lossy)), 8 * pixels)
})
