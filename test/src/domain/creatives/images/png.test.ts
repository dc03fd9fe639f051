import { deflateSync } from 'node:zlib'
import sharp from 'sharp'
import t from 'tap'
import { writeExif } from '../../../../../src/domain/creatives/images/exif.ts'
import { inspectPng } from '../../../../../src/domain/creatives/images/png.ts'
import {
  bytesSource, follow, gpsEntry, insertIntoPng, makerEntry, orientationEntry, pngChunk, pngChunks, pngHeader, pngOf, tiff
} from '../../../../fixtures/image-parts.ts'
import { picture, pixelsOf } from '../../../../fixtures/pictures.ts'

const plain = await picture(64, 48, { channels: 4 }).png().toBuffer()
const end = pngChunk('IEND')
const pixels = pngChunk('IDAT', deflateSync(Buffer.alloc(4)))

/** Cleans a file twice and checks that the second time changes nothing. */
async function clean (png: Buffer) {
  const inspection = await inspectPng(bytesSource(png))
  const cleaned = follow(inspection, png)
  const again = await inspectPng(bytesSource(cleaned))
  if (!follow(again, cleaned).equals(cleaned) || again.plan.removed.size > 0) throw new Error('cleaning twice differs from cleaning once')
  return { ...inspection.facts, removed: [...inspection.plan.removed].sort(), cleaned }
}

t.test('all metadata is removed, and its kinds are reported', async (t) => {
  const cases: Array<[string, Buffer, string[]]> = [
    ['text', pngChunk('tEXt', 'Author\0Asha'), ['text']],
    ['compressed text', pngChunk('zTXt', 'Author\0\0x'), ['text']],
    ['international text', pngChunk('iTXt', 'Author\0\0\0\0\0Asha'), ['text']],
    ['XMP', pngChunk('iTXt', 'XML:com.adobe.xmp\0\0\0\0\0<x:xmpmeta/>'), ['xmp']],
    ['a time', pngChunk('tIME', '\x07\xea\x01\x01\0\0\0'), ['time']],
    ['Exif', pngChunk('eXIf', tiff({ entries: [makerEntry, gpsEntry], nextDirectory: 26 })), ['exif', 'gps', 'thumbnail']],
    ['an animation', pngChunk('acTL', '\0\0\0\x02\0\0\0\0'), ['animation']],
    ['a private chunk of a program', pngChunk('vpAg', '\0\0\0\x01'), ['application_data']],
    ['a palette with a name', pngChunk('sPLT', 'secret\0\x08'), ['application_data']],
    ['a profile without a name', pngChunk('iCCP', 'x'.repeat(100)), ['application_data']],
    ['an invalid profile', pngChunk('iCCP', Buffer.concat([
      Buffer.from('ICC\0\0'), deflateSync(Buffer.alloc(200, 'secret'))
    ])), ['application_data']],
    ['a profile that is not compressed', pngChunk('iCCP', 'ICC\0\0secret'), ['application_data']],
    ['a profile that is missing', pngChunk('iCCP', 'ICC\0'), ['application_data']]
  ]
  for (const [title, chunk, removed] of cases) {
    const result = await clean(insertIntoPng(plain, chunk))
    t.same(result.removed, removed, title)
    t.ok(result.cleaned.equals((await clean(plain)).cleaned), `${title} leaves no trace`)
  }
})

t.test('of an animated PNG the still image is retained', async (t) => {
  const chunks = [pngChunk('fcTL', '\0'.repeat(26)), pngChunk('fdAT', '\0\0\0\x01x')]
  const result = await clean(Buffer.concat([insertIntoPng(plain, pngChunk('acTL', '\0'.repeat(8))).subarray(0, -12), ...chunks, end]))
  t.same(result.removed, ['animation'])
  t.equal(result.frameCount, 1)
  t.ok(result.cleaned.equals(plain))
})

t.test('chunks that affect the appearance of the pixels are retained', async (t) => {
  const chunks = [
    pngChunk('gAMA', '\0\0\xb1\x8f'), pngChunk('cHRM', '\0'.repeat(32)), pngChunk('sBIT', '\x08\x08\x08\x08'),
    pngChunk('cICP', '\x01\x0d\0\x01'), pngChunk('bKGD', '\0'.repeat(6))
  ]
  t.ok(plain.includes('pHYs'))
  const png = insertIntoPng(plain, ...chunks)
  const result = await clean(png)
  t.same(result.removed, [])
  t.ok(result.cleaned.equals(png))
})

t.test('chunks that decoders ignore are removed, whatever their type', async (t) => {
  const gamma = pngChunk('gAMA', '\0\0\xb1\x8f')
  for (const type of ['gAMA', 'cHRM', 'sRGB', 'sBIT', 'bKGD', 'pHYs', 'cICP', 'mDCV', 'cLLI', 'tRNS']) {
    const result = await clean(insertIntoPng(plain, pngChunk(type, 'secret'.repeat(60))))
    t.same(result.removed, ['application_data'], `${type} of another length`)
    t.ok(result.cleaned.equals(plain), type)
  }
  const twice = await clean(insertIntoPng(plain, gamma, pngChunk('gAMA', 'text')))
  t.ok(twice.cleaned.equals(insertIntoPng(plain, gamma)), 'a second chunk of a type')
  const late = await clean(Buffer.concat([plain.subarray(0, -12), pngChunk('bKGD', 'secret'), end]))
  t.ok(late.cleaned.equals(plain), 'a chunk after the pixels')
  for (const { removed } of [twice, late]) t.same(removed, ['application_data'])
})

t.test('a palette has up to 256 alpha values', async (t) => {
  const palette = pngChunk('PLTE', Buffer.alloc(3 * 256))
  for (const [length, removed] of [[0, ['application_data']], [1, []], [256, []], [257, ['application_data']]] as const) {
    const png = pngOf(pngHeader(1, 1, { colourType: 3 }), palette, pngChunk('tRNS', Buffer.alloc(length)), pixels, end)
    t.same((await clean(png)).removed, removed, `${length}`)
  }
})

t.test('a colour profile is retained, without its name', async (t) => {
  const png = await picture(64, 48).withIccProfile('p3').png().toBuffer()
  const profileOf = (chunks: ReturnType<typeof pngChunks>) => chunks.find(({ type }) => type === 'iCCP')?.data ?? Buffer.alloc(0)
  const { cleaned } = await clean(png)
  const before = profileOf(pngChunks(png))
  const after = profileOf(pngChunks(cleaned))
  t.equal(after.toString('latin1', 0, 4), 'ICC\0')
  t.ok(after.subarray(after.indexOf(0)).equals(before.subarray(before.indexOf(0))))
  t.ok((await sharp(cleaned).metadata()).icc?.equals((await sharp(png).metadata()).icc ?? Buffer.alloc(0)))
})

t.test('only the orientation of Exif is retained, and the first one counts', async (t) => {
  const rich = pngChunk('eXIf', tiff({ order: 'MM', entries: [makerEntry, orientationEntry(6)] }))
  const result = await clean(insertIntoPng(plain, rich, pngChunk('eXIf', tiff({ entries: [orientationEntry(8)] }))))
  t.equal(result.orientation, 6)
  t.same(result.removed, ['exif'])
  const retained = pngChunks(result.cleaned).filter(({ type }) => type === 'eXIf')
  t.equal(retained.length, 1)
  t.ok(retained[0]?.data.equals(writeExif(6)))
  t.equal((await sharp(result.cleaned).metadata()).orientation, 6)
})

t.test('data after the end of the image is removed', async (t) => {
  const result = await clean(Buffer.concat([plain, Buffer.from('PK\x03\x04 a whole archive')]))
  t.same(result.removed, ['trailing_data'])
  t.ok(result.cleaned.equals(plain))
})

t.test('pixels do not change, in every kind of PNG', async (t) => {
  const kinds = [
    picture(64, 48).png(), picture(64, 48).png({ palette: true }), picture(64, 48, { channels: 4 }).png({ progressive: true }),
    picture(64, 48).greyscale().png(), picture(64, 48).toColourspace('rgb16').png(),
    picture(900, 900).withIccProfile('p3').png({ compressionLevel: 0 })
  ]
  for (const kind of kinds) {
    const png = await kind.withExif({ IFD0: { Artist: 'Asha' } }).toBuffer()
    const { cleaned, removed } = await clean(insertIntoPng(png, pngChunk('tEXt', 'a\0b')))
    t.same(removed, ['exif', 'text'])
    for (const ignoreIcc of [true, false]) t.ok((await pixelsOf(cleaned, ignoreIcc)).equals(await pixelsOf(png, ignoreIcc)))
  }
})

t.test('structures that decoders reject are refused', async (t) => {
  const damaged = Buffer.from(plain)
  damaged[60] = damaged.readUInt8(60) ^ 1
  const header = pngHeader(1, 1)
  const cases: Array<[string, Buffer]> = [
    ['only the signature', pngOf()],
    ['no header', pngOf(pixels, end)],
    ['two headers', insertIntoPng(plain, header)],
    ['a header of a wrong length', pngOf(pngChunk('IHDR', '\0'), pixels, end)],
    ['no pixels', pngOf(header, end)],
    ['no width', pngOf(pngHeader(0, 1), pixels, end)],
    ['no height', pngOf(pngHeader(1, 0), pixels, end)],
    ['an unknown colour type', pngOf(pngHeader(1, 1, { colourType: 5 }), pixels, end)],
    ['a damaged chunk', damaged],
    ['a chunk between the pixels', pngOf(header, pixels, pngChunk('tEXt', 'a\0b'), pixels, end)],
    ['an unknown critical chunk', insertIntoPng(plain, pngChunk('CgBI', '\0'))],
    ['an end chunk that is not empty', pngOf(header, pixels, pngChunk('IEND', 'x'))],
    ['a chunk that extends beyond the file', pngOf(header, Buffer.from('\xff\xff\xff\xfftEXt', 'latin1'))]
  ]
  for (const [title, png] of cases) await t.rejects(inspectPng(bytesSource(png)), { name: 'ImageError', kind: 'broken' }, title)
})

t.test('a small file with the header of a huge image is refused', async (t) => {
  for (const [width, height] of [[65536, 1], [1, 65536], [0xffffffff, 0xffffffff]] as const) {
    await t.rejects(inspectPng(bytesSource(pngOf(pngHeader(width, height), Buffer.alloc(20)))), {
      name: 'ImageError', kind: 'too_large'
    }, `${width} x ${height}`)
  }
  await t.resolves(inspectPng(bytesSource(pngOf(pngHeader(65535, 65535), pixels, end))), 'its memory decides')
})

t.test('the cost depends on the data that the decoder holds at once', async (t) => {
  const cost = async (...header: Parameters<typeof pngHeader>) => (await inspectPng(
    bytesSource(pngOf(pngHeader(...header), pixels, end))
  )).facts.decodeBytes
  const base = await cost(1, 1, { interlace: 1, colourType: 0 }) - 1
  t.equal(await cost(6000, 6000, { interlace: 1, colourType: 6 }), base + 6000 * 6000 * 4)
  t.equal(await cost(6000, 6000, { interlace: 1, colourType: 6, bitDepth: 16 }), base + 6000 * 6700 * 8)
  t.equal(await cost(6000, 6000, { colourType: 4 }), base + 6000 * 2 * 1700, 'the decoder holds a limited number of rows')
  t.equal(await cost(6000, 6000, { colourType: 2, bitDepth: 16 }), base + 6000 * 6 * 1700)
  t.equal(await cost(60000, 100, { colourType: 3 }), base + 60000 * 3 * 160, 'few wide rows')
  const transparent = pngOf(pngHeader(60000, 100), pngChunk('tRNS', '\0'.repeat(6)), pixels, end)
  t.equal((await inspectPng(bytesSource(transparent))).facts.decodeBytes, base + 60000 * 4 * 160, 'a transparent colour')
})

/** Changes the checksum of a chunk. */
function spoil (chunk: Buffer): Buffer {
  const spoiled = Buffer.from(chunk)
  spoiled.writeUInt8(spoiled.readUInt8(spoiled.length - 1) ^ 1, spoiled.length - 1)
  return spoiled
}

t.test('an ancillary chunk with a wrong checksum is removed, as decoders ignore it', async (t) => {
  const cases: Array<[string, Buffer, string[]]> = [
    ['text', pngChunk('tEXt', 'Comment\0hello'), ['text']],
    ['a time', pngChunk('tIME', '\x07\xea\x01\x01\0\0\0'), ['time']],
    ['Exif', pngChunk('eXIf', tiff({ entries: [orientationEntry(6)] })), ['exif']],
    ['gamma', pngChunk('gAMA', '\0\0\xb1\x8f'), ['application_data']],
    ['a profile', pngChunk('iCCP', 'ICC\0\0'), ['application_data']],
    ['a private chunk', pngChunk('vpAg', 'x'), ['application_data']]
  ]
  for (const [title, chunk, removed] of cases) {
    for (const png of [insertIntoPng(plain, spoil(chunk)), Buffer.concat([plain.subarray(0, -12), spoil(chunk), end])]) {
      const result = await clean(png)
      t.same(result.removed, removed, title)
      t.equal(result.orientation, 1, title)
      t.ok(result.cleaned.equals(plain), title)
    }
  }
  for (const chunk of [pngHeader(1, 1), pixels, end]) {
    const chunks = [pngHeader(1, 1), pixels, end].map((part) => part.equals(chunk) ? spoil(part) : part)
    await t.rejects(inspectPng(bytesSource(pngOf(...chunks))), { name: 'ImageError', kind: 'broken', message: /checksums/ })
  }
})

t.test('a missing end is added if the file ends behind the pixels', async (t) => {
  const text = pngChunk('tEXt', 'Author\0Asha')
  const bare = plain.subarray(0, -12)
  for (const [title, png, removed] of [
    ['no end', bare, []],
    ['half an end chunk', plain.subarray(0, -1), ['trailing_data']],
    ['a text that is cut', Buffer.concat([bare, text.subarray(0, -5)]), ['trailing_data']],
    ['a text before the missing end', Buffer.concat([bare, text]), ['text']]
  ] as const) {
    const result = await clean(png)
    t.same(result.removed, removed, title)
    t.ok(result.cleaned.equals(plain), title)
  }
  await t.rejects(inspectPng(bytesSource(bare.subarray(0, -1))), { name: 'ImageError', kind: 'broken' }, 'pixels that are cut')
})

t.test('only an Exif chunk before the pixels counts, as in browsers', async (t) => {
  const turned = pngChunk('eXIf', tiff({ entries: [orientationEntry(6)] }))
  const late = await clean(Buffer.concat([plain.subarray(0, -12), turned, end]))
  t.equal(late.orientation, 1)
  t.same(late.removed, ['exif'])
  t.ok(late.cleaned.equals(plain))
  const second = await clean(insertIntoPng(plain, pngChunk('eXIf', tiff({ entries: [makerEntry] })), turned))
  t.equal(second.orientation, 1, 'a first chunk without an orientation')
})
