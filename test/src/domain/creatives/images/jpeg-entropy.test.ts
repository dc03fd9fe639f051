import sharp from 'sharp'
import t from 'tap'
import { inspectJpeg } from '../../../../../src/domain/creatives/images/jpeg.ts'
import { bytesSource, follow, jpegSegment } from '../../../../fixtures/image-parts.ts'

interface Options {
  /** Symbols of the tables, each in the code of one more bit: 0, 10, 110 and so on. */
  dc?: number[]
  ac?: number[]
  interval?: number
  blocks?: number
}

const table = (key: number, symbols: number[]) =>
  jpegSegment(0xc4, Buffer.from([key, ...Array.from({ length: 16 }, (_, index) => index < symbols.length ? 1 : 0), ...symbols]))

/** Writes a grey JPEG of one row of blocks with these entropy-coded data. */
function jpegOf (data: number[], { dc = [0], ac = [0], interval = 0, blocks = 4 }: Options = {}): Buffer {
  return Buffer.concat([
    Buffer.from([0xff, 0xd8]), jpegSegment(0xdb, Buffer.alloc(65, 1).fill(0, 0, 1)),
    jpegSegment(0xc0, Buffer.from([8, 0, 8, 0, 8 * blocks, 1, 1, 0x11, 0])), table(0, dc), table(0x10, ac),
    jpegSegment(0xdd, Buffer.from([0, interval])), jpegSegment(0xda, '\x01\x01\0\0\x3f\0'), Buffer.from(data), Buffer.from([0xff, 0xd9])
  ])
}

async function clean (jpeg: Buffer) {
  const inspection = await inspectJpeg(bytesSource(jpeg))
  const cleaned = follow(inspection, jpeg)
  await sharp(cleaned, { failOn: 'warning' }).raw().toBuffer()
  return { removed: [...inspection.plan.removed], cleaned }
}

/** Each block is two zero bits: no difference, and no further coefficient. One bits pad a byte. */
const restarts = [0x3f, 0xff, 0xd0, 0x3f, 0xff, 0xd1, 0x3f, 0xff, 0xd2, 0x3f]

t.test('a scan is read to its last block', async (t) => {
  const long = [11, 10, 9, 8, 7, 6, 5, 4, 3, 2, 1, 0]
  const cases: Array<[string, Buffer]> = [
    ['blocks in one byte', jpegOf([0])],
    ['restart markers', jpegOf(restarts, { interval: 1 })],
    ['more than eight restart markers', jpegOf(
      Array.from({ length: 12 }, (_, index) => [0x3f, 0xff, 0xd0 + index % 8]).flat().slice(0, -2), { interval: 1, blocks: 12 }
    )],
    // The twelfth code has twelve bits; its symbol says that the difference is zero.
    ['codes of more than ten bits', jpegOf([0xff, 0, 0xe7], { dc: long, blocks: 1 })],
    // The code 10 skips 16 coefficients.
    ['skipped coefficients', jpegOf([0b01010100], { ac: [0, 0xf0], blocks: 1 })],
    ['a stuffed zero', jpegOf([0b01011111, 0xff, 0, 0x7f], { ac: [0, 13], blocks: 1 })]
  ]
  for (const [title, jpeg] of cases) {
    const result = await clean(jpeg)
    t.same(result.removed, [], title)
    t.ok(result.cleaned.equals(jpeg), title)
  }
})

t.test('stray bytes behind the data are removed, also before restart markers', async (t) => {
  const whole = jpegOf(restarts, { interval: 1 })
  const filled = await clean(jpegOf([...restarts.slice(0, 4), 0xff, 0xff, ...restarts.slice(4)], { interval: 1 }))
  t.same(filled, { removed: [], cleaned: whole }, 'filling')
  const stray = await clean(jpegOf([...restarts.slice(0, 4), 1, 2, 0xff, 0, ...restarts.slice(4), 3, 4], { interval: 1 }))
  t.same(stray, { removed: ['application_data'], cleaned: whole })
  t.same(await clean(jpegOf([0, 7, 7, 0xff, 0])), { removed: ['application_data'], cleaned: jpegOf([0]) })
})

t.test('a scan that is cut or damaged is refused', async (t) => {
  const cases: Array<[string, Buffer]> = [
    ['no data', jpegOf([])],
    ['a missing block', jpegOf([0], { blocks: 5 })],
    ['a cut interval', jpegOf([0x3f, 0xff, 0xd0, 0xff, 0xd1, 0x3f, 0xff, 0xd2, 0x3f], { interval: 1 })],
    ['a missing restart marker', jpegOf([0x3f, 0x3f, 0x3f, 0x3f], { interval: 1 })],
    ['a wrong restart marker', jpegOf([0x3f, 0xff, 0xd1, ...restarts.slice(3)], { interval: 1 })],
    ['a first code that is in no table', jpegOf([0x80, 0])],
    ['a later code that is in no table', jpegOf([0x40, 0])],
    ['a difference of too many bits', jpegOf([0], { dc: [17] })],
    ['a value that is cut', jpegOf([0b01011111], { ac: [0, 8], blocks: 1 })]
  ]
  for (const [title, jpeg] of cases) await t.rejects(clean(jpeg), { name: 'ImageError', kind: 'broken' }, title)
})

t.test('an image without tables, as in videos, is left to the decoder', async (t) => {
  const jpeg = jpegOf([0])
  const tablesStart = jpeg.indexOf(Buffer.from([0xff, 0xc4]))
  const bare = Buffer.concat([jpeg.subarray(0, tablesStart), jpeg.subarray(jpeg.indexOf(Buffer.from([0xff, 0xdd])))])
  const { plan } = await inspectJpeg(bytesSource(bare))
  t.ok(follow({ plan, facts: (await inspectJpeg(bytesSource(bare))).facts }, bare).equals(bare))
})
