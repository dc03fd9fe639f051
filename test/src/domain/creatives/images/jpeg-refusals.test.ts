import t from 'tap'
import { inspectGif } from '../../../../../src/domain/creatives/images/gif.ts'
import { inspectJpeg } from '../../../../../src/domain/creatives/images/jpeg.ts'
import { inspectPng } from '../../../../../src/domain/creatives/images/png.ts'
import {
  bytesSource, gifBlocks, gifExtension, gifFrame, gifScreen, gifTrailer, insertIntoJpeg, insertIntoPng, jpegSegment, pngChunk
} from '../../../../fixtures/image-parts.ts'
import { images } from '../../../../fixtures/images.ts'
import { picture } from '../../../../fixtures/pictures.ts'

const plain = await picture(64, 48).jpeg().toBuffer()
const start = plain.subarray(0, 2)
const end = Buffer.from([0xff, 0xd9])
const frame = (width: number, height: number, components = [[1, 0x11, 0]]) => {
  const data = Buffer.from([8, 0, 0, 0, 0, components.length, ...components.flat()])
  data.writeUInt16BE(height, 1)
  data.writeUInt16BE(width, 3)
  return jpegSegment(0xc0, data)
}
const scan = jpegSegment(0xda, '\x01\x01\0\0\x3f\0')

t.test('structures that decoders reject are refused', async (t) => {
  const cases: Array<[string, Buffer]> = [
    ['no parts', start],
    ['one byte after the start', Buffer.concat([start, Buffer.from([0xff])])],
    ['an end marker at once', Buffer.concat([start, end])],
    ['a header without pixels', Buffer.concat([start, frame(9, 9), end])],
    ['pixels without a header', Buffer.concat([start, scan, end])],
    ['two headers', insertIntoJpeg(plain, frame(9, 9))],
    ['a header that is too short', Buffer.concat([start, jpegSegment(0xc0, 'short'), end])],
    ['a header of a wrong length', Buffer.concat([start, jpegSegment(0xc0, Buffer.from([8, 0, 9, 0, 9, 3, 1, 0x11, 0])), end])],
    ['no width', Buffer.concat([start, frame(0, 9), scan, end])],
    ['no height', Buffer.concat([start, frame(9, 0), scan, end])],
    ['a second start marker', insertIntoJpeg(plain, start)],
    ['a part that is shorter than its length field', insertIntoJpeg(plain, Buffer.from([0xff, 0xdb, 0, 1]))],
    ['a part of an unknown kind', insertIntoJpeg(plain, jpegSegment(0xf0, 'secret'))],
    ['a part that extends beyond the file', Buffer.concat([start, Buffer.from([0xff, 0xfe, 0xff, 0xff, 1])])],
    ['a scan of a wrong length', Buffer.concat([start, frame(9, 9), jpegSegment(0xda, '\x01\x01\0\0\x3f'), end])],
    ['an unknown component alone', Buffer.concat([start, frame(9, 9, [[1, 0x11, 0], [2, 0x11, 0]]), scan, end])],
    ['too many scans', Buffer.concat([start, frame(9, 9, [[1, 0x11, 0], [2, 0x11, 0]]), ...Array<Buffer>(101).fill(scan), end])]
  ]
  for (const [title, jpeg] of cases) await t.rejects(inspectJpeg(bytesSource(jpeg)), { name: 'ImageError', kind: 'broken' }, title)
})

t.test('a small file with the header of a huge image is refused', async (t) => {
  const bomb = Buffer.concat([start, frame(64250, 64250), Buffer.alloc(5000)])
  await t.rejects(inspectJpeg(bytesSource(bomb)), { name: 'ImageError', kind: 'broken' })
  await t.rejects(inspectJpeg(bytesSource(Buffer.concat([start, frame(9, 65_535), jpegSegment(0xc4, 'x'), end]))), { name: 'ImageError', kind: 'broken' })
})

t.test('a file with too many alternating retained and removed parts is refused', async (t) => {
  const turn = Buffer.concat([jpegSegment(0xfe, ''), jpegSegment(0xdd, '\0\0')])
  await t.rejects(inspectJpeg(bytesSource(insertIntoJpeg(plain, ...Array<Buffer>(10_001).fill(turn)))), {
    name: 'ImageError', kind: 'broken'
  })
})

t.test('a file with too many parts is refused, in every format', async (t) => {
  const fill = (part: Buffer) => Buffer.alloc(part.length * 100_001, part)
  const tooMany = { name: 'ImageError', kind: 'broken', message: /more parts than/ }
  await t.rejects(inspectJpeg(bytesSource(insertIntoJpeg(plain, fill(jpegSegment(0xfe, ''))))), tooMany)
  await t.rejects(inspectPng(bytesSource(insertIntoPng(images.png, fill(pngChunk('tEXt'))))), tooMany)
  await t.rejects(inspectGif(bytesSource(Buffer.concat([
    gifScreen(1, 1), fill(gifExtension(0xfe, gifBlocks(''))), gifFrame(), gifTrailer
  ]))), tooMany)
})
