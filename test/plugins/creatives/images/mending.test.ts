import sharp from 'sharp'
import t from 'tap'
import { insertIntoJpeg, jpegSegment, orientationEntry, tiff } from '../../../fixtures/image-parts.ts'
import { picture } from '../../../fixtures/pictures.ts'
import { contentOf, createFixture } from './fixture.ts'

const end = Buffer.from([0xff, 0xd9])
const junk = Buffer.from('0102030405060708090a0b0c0d0e0f101112', 'hex')
const jfif = jpegSegment(0xe0, 'JFIF\0\x01\x02\0\0\x48\0\x48\0\0')
const bare = await picture(160, 120).jpeg().toBuffer()
const baseline = insertIntoJpeg(bare, jfif)
const progressive = insertIntoJpeg(await picture(160, 120).jpeg({ progressive: true }).toBuffer(), jfif)
const grey = insertIntoJpeg(await picture(160, 120).toColourspace('b-w').jpeg().toBuffer(), jfif)
const cmyk = await picture(160, 120).toColourspace('cmyk').jpeg().toBuffer()

const scanStart = Buffer.from([0xff, 0xda])
const withoutEnd = (jpeg: Buffer) => jpeg.subarray(0, -2)

/** Overwrites bytes at an offset behind the first appearance of a marker. */
function overwrite (jpeg: Buffer, marker: Buffer, offset: number, bytes: number[]): Buffer {
  const changed = Buffer.from(jpeg)
  changed.set(bytes, jpeg.indexOf(marker) + offset)
  return changed
}

const setScanParameters = (jpeg: Buffer, bytes: number[]) =>
  overwrite(jpeg, scanStart, 2 + jpeg.readUInt16BE(jpeg.indexOf(scanStart) + 2) - 3, bytes)

function insertBefore (jpeg: Buffer, at: number, ...parts: Buffer[]): Buffer {
  return Buffer.concat([jpeg.subarray(0, at), ...parts, jpeg.subarray(at)])
}

const setVersion = (jpeg: Buffer, ...version: number[]) => overwrite(jpeg, Buffer.from('JFIF\0'), 5, version)
const adobe = (transform: number) => jpegSegment(0xee, Buffer.concat([Buffer.from('Adobe\0\x64\0\0\0\0', 'latin1'), Buffer.from([transform])]))
/** Without a JFIF header, the colours depend on the transform. */
const withAdobe = (jpeg: Buffer, transform: number) => insertIntoJpeg(jpeg, adobe(transform))
const markers = (jpeg: Buffer, code: number) => {
  const found = []
  for (let at = jpeg.indexOf(Buffer.from([0xff, code])); at !== -1; at = jpeg.indexOf(Buffer.from([0xff, code]), at + 1)) found.push(at)
  return found
}
const secondScan = markers(progressive, 0xda)[1] ?? 0
const fourthTable = markers(progressive, 0xc4)[3] ?? 0

/** Files that browsers show whole, the kinds that are removed from them, and the picture, if only browsers can decode the file. */
const shown: Array<[string, Buffer, string[], Buffer?]> = [
  ['scan parameters of zero', setScanParameters(baseline, [0, 0, 0]), []],
  ['scan parameters with other values', setScanParameters(baseline, [9, 9, 0x11]), []],
  ['scan parameters of zero in grey', setScanParameters(grey, [0, 0, 0]), []],
  ['no end marker', withoutEnd(baseline), []],
  ['half an end marker', baseline.subarray(0, -1), []],
  ['no end marker, progressive', withoutEnd(progressive), []],
  ['no end marker but filling', Buffer.concat([withoutEnd(baseline), Buffer.alloc(3, 0xff)]), []],
  ['no end marker but zeros', Buffer.concat([withoutEnd(baseline), Buffer.alloc(40)]), ['application_data']],
  ['a second image in place of the end marker', Buffer.concat([withoutEnd(baseline), grey]), ['trailing_data']],
  ['a second image in place of the end marker, progressive', Buffer.concat([withoutEnd(progressive), grey]), ['trailing_data'], progressive],
  ['an unknown marker behind the pixels', Buffer.concat([withoutEnd(baseline), Buffer.from([0xff, 0xf0, 0, 3, 9]), end]), ['trailing_data']],
  ['metadata that is cut behind the pixels', Buffer.concat([withoutEnd(baseline), jpegSegment(0xe5, 'secret').subarray(0, -1)]), ['trailing_data']],
  ['stray bytes before the first table', insertBefore(baseline, 20, junk), ['application_data']],
  ['stray bytes that resemble pixels', insertBefore(baseline, 20, Buffer.from([7, 0xff, 0, 8, 0xff, 0, 9])), ['application_data']],
  ['many stray bytes', insertBefore(baseline, 20, Buffer.alloc(300_000, 7)), ['application_data']],
  ['stray bytes before the scan', insertBefore(baseline, baseline.indexOf(scanStart), junk), ['application_data']],
  ['stray bytes and filling', insertBefore(baseline, 20, junk, Buffer.alloc(9, 0xff)), ['application_data']],
  ['stray bytes before the end marker', insertBefore(baseline, baseline.length - 2, junk), ['application_data']],
  ['stray bytes before the end marker, progressive', insertBefore(progressive, progressive.length - 2, junk), ['application_data']],
  ['stray bytes before the second scan', insertBefore(progressive, secondScan, junk), ['application_data']],
  ['stray bytes behind a middle scan', insertBefore(progressive, fourthTable, junk), ['application_data']],
  ['stray bytes behind two scans', insertBefore(insertBefore(progressive, progressive.length - 2, junk), fourthTable, junk), ['application_data']],
  ['JFIF 2.1', setVersion(baseline, 2, 1), []],
  ['JFIF 0.0', setVersion(baseline, 0, 0), []],
  ['two JFIF headers', insertBefore(setVersion(baseline, 2, 1), 20, baseline.subarray(2, 20)), ['application_data']],
  ['an Adobe segment with an unknown transform', withAdobe(bare, 5), []],
  ['an Adobe segment with the transform of four colours', withAdobe(bare, 2), []],
  ['an Adobe segment of grey pixels', withAdobe(grey, 9), []],
  ['an Adobe segment of CMYK with an unknown transform', overwrite(cmyk, Buffer.from('Adobe'), 11, [7]), []],
  ['metadata that is shorter than its length field', insertIntoJpeg(baseline, Buffer.from([0xff, 0xfe, 0, 1])), ['comment']],
  ['metadata without a length', insertIntoJpeg(baseline, Buffer.from([0xff, 0xe5, 0, 0])), ['application_data']],
  ['an image behind the end marker', Buffer.concat([baseline, grey]), ['trailing_data']],
  ['several of these together', Buffer.concat([insertBefore(withoutEnd(setScanParameters(setVersion(baseline, 2, 1), [0, 0, 0])), 20, junk)]), ['application_data']]
]

/** Decodes as browsers do: whatever can be shown is shown. */
const lenientPixels = async (jpeg: Buffer) => await sharp(jpeg, { failOn: 'none', autoOrient: false }).raw().toBuffer()

t.test('a JPEG that browsers show whole is accepted, and its clean copy has the same pixels without a warning', async (t) => {
  const fixture = await createFixture(t)
  for (const [title, upload, removed, whole = upload] of shown) {
    const result = await fixture.process(upload)
    const stored = await contentOf(result.original)
    t.same(result.removed, removed, title)
    t.ok((await lenientPixels(stored)).equals(await lenientPixels(whole)), `${title}: the pixels are the same`)
    await t.resolves(sharp(stored, { failOn: 'warning' }).raw().toBuffer(), `${title}: decoders do not warn`)
    t.ok(stored.subarray(-2).equals(end), `${title}: there is an end marker`)
    const again = await fixture.process(stored)
    t.ok((await contentOf(again.original)).equals(stored), `${title}: cleaning it again changes nothing`)
    t.same(again.removed, [], title)
  }
  t.equal((await fixture.listLeftovers()).length, shown.length * 6, 'no file of an earlier attempt is left')
})

/** Cuts pixels out of the end of the last scan. */
const cutScan = (jpeg: Buffer, byteCount: number) => jpeg.subarray(0, -2 - byteCount)

t.test('a JPEG whose scan is cut stays refused, whatever else can be mended', async (t) => {
  const fixture = await createFixture(t)
  const tails: Array<[string, Buffer]> = [
    ['no end marker', Buffer.alloc(0)],
    ['half an end marker', Buffer.from([0xff])],
    ['an end marker', end],
    ['a second image', grey],
    ['an unknown marker', Buffer.from([0xff, 0xf0, 0, 3, 9])],
    ['metadata', Buffer.concat([jpegSegment(0xe5, 'secret'), end])]
  ]
  const heads: Array<[string, Buffer]> = [
    ['baseline', baseline],
    ['scan parameters of zero', setScanParameters(baseline, [0, 0, 0])],
    ['JFIF 2.1', setVersion(baseline, 2, 1)],
    ['stray bytes', insertBefore(baseline, 20, junk)],
    ['progressive', progressive],
    ['grey', grey],
    ['CMYK', cmyk]
  ]
  for (const [head, jpeg] of heads) {
    for (const [tail, bytes] of tails) {
      for (const byteCount of [1, 2, 30, 200]) {
        const upload = Buffer.concat([cutScan(jpeg, byteCount), bytes])
        await t.rejects(fixture.process(upload), { code: 'CHR_IMAGE_BROKEN' }, `${head}, ${byteCount} bytes cut, then ${tail}`)
      }
    }
  }
  t.same(await fixture.listLeftovers(), [])
})

t.test('a progressive JPEG without an end marker is refused if a scan is missing', async (t) => {
  const fixture = await createFixture(t)
  for (const at of markers(progressive, 0xda).slice(1)) {
    await t.rejects(fixture.process(progressive.subarray(0, at)), { code: 'CHR_IMAGE_BROKEN' }, `${at} bytes`)
  }
})

t.test('only the first Exif block counts, if it precedes the pixels', async (t) => {
  const fixture = await createFixture(t)
  const exif = (...entries: Array<[number, number, number, number]>) =>
    jpegSegment(0xe1, Buffer.concat([Buffer.from('Exif\0\0'), tiff({ entries })]))
  const [turned, mirrored, blank] = [exif(orientationEntry(6)), exif(orientationEntry(2)), exif([0x010f, 3, 1, 7])]
  const cases: Array<[string, Buffer, number | undefined]> = [
    ['one block', insertIntoJpeg(baseline, turned), 6],
    ['two blocks', insertIntoJpeg(baseline, turned, mirrored), 6],
    ['a first block without an orientation', insertIntoJpeg(baseline, blank, turned), undefined],
    ['a block behind the pixels', Buffer.concat([withoutEnd(baseline), turned, end]), undefined],
    ['a long number', insertIntoJpeg(baseline, exif(orientationEntry(6, 4))), undefined]
  ]
  for (const [title, upload, orientation] of cases) {
    const result = await fixture.process(upload)
    t.equal((await sharp(await contentOf(result.original)).metadata()).orientation, orientation, title)
    t.same([result.width, result.height], orientation === 6 ? [120, 160] : [160, 120], `${title}: the preview agrees`)
  }
})
