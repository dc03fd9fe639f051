import sharp from 'sharp'
import t from 'tap'
import { writeExif } from '../../../../../src/domain/creatives/images/exif.ts'
import { inspectJpeg } from '../../../../../src/domain/creatives/images/jpeg.ts'
import {
  bytesSource, follow, gpsEntry, insertIntoJpeg, jpegSegment, jpegSegments, makerEntry, orientationEntry, tiff, type TiffOptions
} from '../../../../fixtures/image-parts.ts'
import { picture, pixelsOf } from '../../../../fixtures/pictures.ts'

const plain = await picture(64, 48).jpeg().toBuffer()
const jfif = Buffer.from('JFIF\0\x01\x02\0\0\x48\0\x48\0\0', 'latin1')
const exif = (options: TiffOptions) => jpegSegment(0xe1, Buffer.concat([Buffer.from('Exif\0\0'), tiff(options)]))

/** Cleans a file twice and checks that the second time changes nothing. */
async function clean (jpeg: Buffer) {
  const inspection = await inspectJpeg(bytesSource(jpeg))
  const cleaned = follow(inspection, jpeg)
  const again = await inspectJpeg(bytesSource(cleaned))
  if (!follow(again, cleaned).equals(cleaned) || again.plan.removed.size > 0) throw new Error('cleaning twice differs from cleaning once')
  return { ...inspection.facts, removed: [...inspection.plan.removed].sort(), cleaned }
}

t.test('all metadata is removed, and its kinds are reported', async (t) => {
  const cases: Array<[string, Buffer, string[]]> = [
    ['Exif', exif({ entries: [makerEntry] }), ['exif']],
    ['a place', exif({ entries: [makerEntry, gpsEntry] }), ['exif', 'gps']],
    ['an embedded thumbnail', exif({ entries: [makerEntry], nextDirectory: 26 }), ['exif', 'thumbnail']],
    ['XMP', jpegSegment(0xe1, 'http://ns.adobe.com/xap/1.0/\0<x:xmpmeta/>'), ['xmp']],
    ['more XMP', jpegSegment(0xe1, 'http://ns.adobe.com/xmp/extension/\0' + 'A'.repeat(60)), ['xmp']],
    ['XMP of an HDR image', jpegSegment(0xe1, `http://ns.adobe.com/xap/1.0/\0${'<x/>'.repeat(9000)}http://ns.adobe.com/hdr-gain-map/1.0/`), ['gain_map', 'xmp']],
    ['the version of a gain map', jpegSegment(0xe2, 'urn:iso:std:iso:ts:21496:-1\0\0\0\0\0'), ['gain_map']],
    ['IPTC', jpegSegment(0xed, 'Photoshop 3.0\0' + '8BIM'), ['iptc']],
    ['a comment', jpegSegment(0xfe, 'secret'), ['comment']],
    ['an empty comment', jpegSegment(0xfe, ''), ['comment']],
    ['several pictures', jpegSegment(0xe2, 'MPF\0MM'), ['application_data']],
    ['a second thumbnail', jpegSegment(0xe0, 'JFXX\0\x10'), ['thumbnail']],
    ['a private segment of a camera', jpegSegment(0xe5, 'secret'), ['application_data']],
    ['an Adobe segment that is too short', jpegSegment(0xee, 'Adobe'), ['application_data']],
    ['an invalid profile', jpegSegment(0xe2, `ICC_PROFILE\0\x01\x01${'secret'.repeat(20)}`), ['application_data']],
    ['a repeated number of lines', jpegSegment(0xdc, '\0\x30'), ['application_data']]
  ]
  for (const [title, segment, removed] of cases) {
    const result = await clean(insertIntoJpeg(plain, segment))
    t.same(result.removed, removed, title)
    t.ok(result.cleaned.equals((await clean(plain)).cleaned), `${title} leaves no trace`)
  }
})

t.test('one JFIF header is retained, without its thumbnail', async (t) => {
  const bare = Buffer.concat([plain.subarray(0, 2), plain.subarray(plain.indexOf(Buffer.from([0xff, 0xdb])))])
  const withThumbnail = insertIntoJpeg(bare, jpegSegment(0xe0, Buffer.concat([jfif.subarray(0, 12), Buffer.from([1, 1, 9, 9, 9])])))
  const result = await clean(withThumbnail)
  t.same(result.removed, ['thumbnail'])
  t.same(jpegSegments(result.cleaned)[0], { code: 0xe0, data: jfif })
  t.same((await clean(insertIntoJpeg(bare, jpegSegment(0xe0, jfif), jpegSegment(0xe0, jfif)))).removed, ['application_data'])
  t.same((await clean(insertIntoJpeg(
    bare, jpegSegment(0xe0, 'JFIF\0')
  ))).removed, ['application_data'], 'the segment is too short for a JFIF header')
})

t.test('all parts of a colour profile are retained, and the colour transform of Adobe', async (t) => {
  const parts = [1, 2].map(
    (part) => jpegSegment(0xe2, `ICC_PROFILE\0${String.fromCharCode(part)}\x02${part === 1 ? `${'\0'.repeat(36)}acsp` : ''}profile`)
  )
  const adobe = 'Adobe\0\x64\0\0\0\0\x01'
  const result = await clean(insertIntoJpeg(plain, ...parts, jpegSegment(0xee, `${adobe}hidden`)))
  t.same(result.removed, ['application_data'])
  const retained = jpegSegments(result.cleaned).map(({ code }) => code)
  t.equal(retained.filter((code) => code === 0xe2).length, 2)
  t.equal(jpegSegments(result.cleaned).find(({ code }) => code === 0xee)?.data.toString('latin1'), adobe)
})

t.test('only the orientation of Exif is retained', async (t) => {
  const result = await clean(insertIntoJpeg(plain, exif({ order: 'MM', entries: [makerEntry, orientationEntry(6), gpsEntry] })))
  t.equal(result.orientation, 6)
  t.same(result.removed, ['exif', 'gps'])
  t.same(jpegSegments(result.cleaned)[0], { code: 0xe1, data: Buffer.concat([Buffer.from('Exif\0\0'), writeExif(6)]) })
  t.equal((await sharp(result.cleaned).metadata()).orientation, 6)
  t.same((await clean(insertIntoJpeg(
    plain, exif({ entries: [orientationEntry(8)] })
  ))).removed, [], 'nothing is removed from an Exif block with only an orientation')
  t.same((await clean(insertIntoJpeg(
    plain, exif({ entries: [orientationEntry(1)] })
  ))).removed, ['exif'], 'an Exif block of an upright image is removed')
})

t.test('the first Exif block alone counts, as in browsers', async (t) => {
  const [first, second] = [exif({ entries: [orientationEntry(3)] }), exif({ entries: [orientationEntry(8)] })]
  const without = await clean(insertIntoJpeg(plain, exif({ entries: [makerEntry] }), second))
  t.equal(without.orientation, 1)
  t.ok(without.cleaned.equals(plain))
  const result = await clean(insertIntoJpeg(plain, first, second))
  t.equal(result.orientation, 3)
  t.same(result.removed, ['exif'])
  t.equal(jpegSegments(result.cleaned).filter(({ code }) => code === 0xe1).length, 1)
})

t.test('data after the end of the image is removed', async (t) => {
  for (const [title, tail] of [
    ['a video', Buffer.alloc(70_000, 1)], ['a second image', plain], ['a script', Buffer.from('<script>')]
  ] as const) {
    const result = await clean(Buffer.concat([plain, tail]))
    t.same(result.removed, ['trailing_data'], title)
    t.ok(result.cleaned.equals(plain), title)
  }
})

t.test('pixels do not change, in one scan and in several, with restarts and fill bytes', async (t) => {
  const progressive = await picture(640, 480).jpeg({ progressive: true, chromaSubsampling: '4:4:4' }).toBuffer()
  const cmyk = await picture(64, 48).toColourspace('cmyk').jpeg().toBuffer()
  const grey = await picture(64, 48).greyscale().jpeg({ quality: 100 }).toBuffer()
  for (const jpeg of [plain, progressive, cmyk, grey]) {
    const filled = Buffer.concat([
      jpeg.subarray(0, 2), Buffer.from([0xff, 0xff]), jpegSegment(0xfe, 'x'), Buffer.alloc(300_000, 0xff), jpeg.subarray(2)
    ])
    const { cleaned } = await clean(filled)
    t.ok((await pixelsOf(cleaned)).equals(await pixelsOf(jpeg)))
  }
})

t.test('markers without a length and a meaning are removed', async (t) => {
  const result = await clean(insertIntoJpeg(plain, Buffer.from([0xff, 0xd0, 0xff, 0x01])))
  t.ok(result.cleaned.equals(plain))
})

t.test('scans with restart intervals are processed', async (t) => {
  const progressive = await picture(64, 48).jpeg({ progressive: true }).toBuffer()
  const start = progressive.lastIndexOf(Buffer.from([0xff, 0xda]))
  const head = progressive.subarray(0, start + 2 + progressive.readUInt16BE(start + 2))
  const data = Buffer.concat(Array.from({ length: 50_000 }, (_, index) => Buffer.from([
    0xff, 0xd0 + index % 8, 0xff, 0x00, 0xff, 0xff, 0x00, 7
  ])))
  const jpeg = Buffer.concat([head, data, Buffer.from([0xff, 0xd9])])
  t.ok((await clean(jpeg)).cleaned.equals(jpeg))
})

t.test('the cost depends on the data that the decoder holds whole', async (t) => {
  const cost = async (image: Promise<Buffer>) => (await clean(await image)).decodeBytes
  const sequential = await cost(picture(400, 300).jpeg().toBuffer())
  const coefficients = (samples: number) => 400 * 300 * samples * 2
  t.equal(await cost(picture(400, 300).jpeg({ progressive: true }).toBuffer()), sequential + coefficients(1.5))
  t.equal(await cost(picture(400, 300).jpeg({ progressive: true, chromaSubsampling: '4:4:4' }).toBuffer()), sequential + coefficients(3))
  const grey = await picture(64, 48).toColourspace('b-w').jpeg().toBuffer()
  t.equal((await clean(splitScans(grey))).decodeBytes, sequential + 64 * 48 * 2 * 2, 'a scan for each colour')
})

/** Gives a grey image a second component, and each a scan of its own. */
function splitScans (grey: Buffer): Buffer {
  const [headerStart, scanStart] = [grey.indexOf(Buffer.from([0xff, 0xc0])), grey.indexOf(Buffer.from([0xff, 0xda]))]
  const header = Buffer.concat([grey.subarray(headerStart + 4, headerStart + 9), Buffer.from([2, 1, 0x11, 0, 2, 0x11, 0])])
  const data = grey.subarray(scanStart + 10, -2)
  return Buffer.concat([
    grey.subarray(0, headerStart), jpegSegment(0xc0, header), grey.subarray(headerStart + 13, scanStart),
    ...['\x01', '\x02'].flatMap((id) => [jpegSegment(0xda, `\x01${id}\0\0\x3f\0`), data]), grey.subarray(-2)
  ])
}
