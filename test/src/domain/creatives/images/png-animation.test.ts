import { deflateSync } from 'node:zlib'
import t from 'tap'
import { checkCompressedFrames } from '../../../../../plugins/creatives/images/frames.ts'
import { inspectPng } from '../../../../../src/domain/creatives/images/png.ts'
import { bytesSource, follow, insertIntoPng, pngChunk, pngHeader, pngOf } from '../../../../fixtures/image-parts.ts'
import { pixelsOf } from '../../../../fixtures/pictures.ts'

const [width, height] = [6, 5]
const header = pngHeader(width, height)
const end = pngChunk('IEND')
const rowsOf = (columns: number, rows: number) => Buffer.alloc((1 + columns * 3) * rows)
const pixels = pngChunk('IDAT', deflateSync(rowsOf(width, height)))

const uint32 = (...values: number[]) => Buffer.concat(values.map((value) => {
  const bytes = Buffer.alloc(4)
  bytes.writeUInt32BE(value)
  return bytes
}))
const total = (count: number) => pngChunk('acTL', uint32(count, 0))
const control = (sequence: number, rectangle = [width, height, 0, 0], ends = [0, 0]) =>
  pngChunk('fcTL', Buffer.concat([uint32(sequence, ...rectangle), Buffer.from([0, 1, 0, 10, ...ends])]))
const data = (sequence: number, bytes = rowsOf(width, height)) =>
  pngChunk('fdAT', Buffer.concat([uint32(sequence), deflateSync(bytes)]))

async function clean (png: Buffer) {
  const { facts, plan, compressedFrames = [] } = await inspectPng(bytesSource(png))
  const cleaned = follow({ facts, plan }, png)
  const again = await inspectPng(bytesSource(cleaned))
  t.ok(follow(again, cleaned).equals(cleaned) && again.plan.removed.size === 0, 'cleaning it again changes nothing')
  await checkCompressedFrames(bytesSource(png), compressedFrames)
  return { frameCount: facts.frameCount, removed: [...plan.removed].sort(), cleaned }
}

t.test('an animation stays as it is', async (t) => {
  const cases: Array<[string, number, Buffer]> = [
    ['the still image is the first frame', 2, pngOf(header, total(2), control(0), pixels, control(1), data(2), end)],
    ['the still image is no frame', 2, pngOf(header, total(2), pixels, control(0), data(1), control(2), data(3), end)],
    ['one frame', 1, pngOf(header, total(1), control(0), pixels, end)],
    ['a frame that covers a part', 2, pngOf(header, total(2), control(0), pixels, control(1, [2, 3, 4, 2], [2, 1]), data(2, rowsOf(2, 3)), end)],
    ['a frame in two chunks', 2, pngOf(
      header, total(2), control(0), pixels, control(1),
      ...[deflateSync(rowsOf(width, height))].flatMap((bytes) => [
        pngChunk('fdAT', Buffer.concat([uint32(2), bytes.subarray(0, 5)])), pngChunk('fdAT', Buffer.concat([uint32(3), bytes.subarray(5)]))
      ]), end
    )]
  ]
  for (const [title, frameCount, png] of cases) {
    const result = await clean(png)
    t.same(result.removed, [], title)
    t.equal(result.frameCount, frameCount, title)
    t.ok(result.cleaned.equals(png), title)
    const marked = await clean(insertIntoPng(png, pngChunk('tEXt', 'a\0b')))
    t.ok(marked.cleaned.equals(png), `${title}: only the metadata is removed`)
  }
})

t.test('rows are counted for each bit depth, and for each pass of an interlaced image', async (t) => {
  const interlaced = (columns: number, rows: number, bits: number) => [
    [0, 0, 8, 8], [4, 0, 8, 8], [0, 4, 4, 8], [2, 0, 4, 4], [0, 2, 2, 4], [1, 0, 2, 2], [0, 1, 1, 2]
  ].reduce((sum, [left = 0, top = 0, across = 1, down = 1]) => {
    const [pixels, lines] = [Math.max(0, Math.ceil((columns - left) / across)), Math.max(0, Math.ceil((rows - top) / down))]
    return sum + (pixels === 0 ? 0 : lines * (1 + Math.ceil(pixels * bits / 8)))
  }, 0)
  for (const [colourType, bitDepth, bits] of [[0, 1, 1], [3, 4, 4], [2, 16, 48], [6, 8, 32], [4, 8, 16]] as const) {
    for (const [columns, rows] of [[6, 5], [1, 1], [9, 17]] as const) {
      for (const interlace of [0, 1]) {
        const byteCount = interlace === 0 ? rows * (1 + Math.ceil(columns * bits / 8)) : interlaced(columns, rows, bits)
        const make = (length: number) => pngOf(
          pngHeader(columns, rows, { colourType, bitDepth, interlace }), total(1), pixels, control(0, [columns, rows, 0, 0]),
          data(1, Buffer.alloc(length)), end
        )
        await t.resolves(clean(make(byteCount)), `${columns} x ${rows}, type ${colourType}, ${bitDepth} bits, interlace ${interlace}`)
        for (const length of [byteCount - 1, byteCount + 1]) await t.rejects(clean(make(length)), { name: 'ImageError', kind: 'broken' })
      }
    }
  }
})

t.test('an animation that breaks a rule is removed, and the still image stays', async (t) => {
  const still = pngOf(header, pixels, end)
  const cases: Array<[string, Buffer[]]> = [
    ['no frames', [total(2), pixels]],
    ['a total of zero', [total(0), pixels]],
    ['a total of another length', [pngChunk('acTL', '\0\0\0\x01'), control(0), pixels]],
    ['two totals', [total(1), total(1), control(0), pixels]],
    ['a total behind the pixels', [control(0), pixels, total(1)]],
    ['no total', [control(0), pixels]],
    ['fewer frames than the total', [total(3), control(0), pixels, control(1), data(2)]],
    ['more frames than the total', [total(1), control(0), pixels, control(1), data(2)]],
    ['a wrong sequence number', [total(2), control(0), pixels, control(2), data(3)]],
    ['a repeated sequence number', [total(2), control(0), pixels, control(1), data(1)]],
    ['data without a number', [total(2), control(0), pixels, control(1), pngChunk('fdAT', 'x')]],
    ['data without a frame', [total(1), pixels, data(0)]],
    ['data of the still image', [total(1), control(0), pixels, data(1)]],
    ['a frame without data', [total(2), control(0), pixels, control(1)]],
    ['a control of another length', [total(1), pngChunk('fcTL', uint32(0)), pixels]],
    ['a first frame that does not cover the canvas', [total(1), control(0, [5, 5, 0, 0]), pixels]],
    ['two frames before the pixels', [total(2), control(0), control(1), pixels]],
    ['a frame without width', [total(2), control(0), pixels, control(1, [0, 5, 0, 0]), data(2)]],
    ['a frame without height', [total(2), control(0), pixels, control(1, [6, 0, 0, 0]), data(2)]],
    ['a frame beyond the right edge', [total(2), control(0), pixels, control(1, [6, 5, 1, 0]), data(2)]],
    ['a frame beyond the lower edge', [total(2), control(0), pixels, control(1, [6, 5, 0, 1]), data(2)]],
    ['an unknown disposal', [total(1), control(0, [6, 5, 0, 0], [3, 0]), pixels]],
    ['an unknown blending', [total(1), control(0, [6, 5, 0, 0], [0, 2]), pixels]]
  ]
  for (const [title, chunks] of cases) {
    const result = await clean(pngOf(header, ...chunks, end))
    t.same(result.removed, ['animation'], title)
    t.equal(result.frameCount, 1, title)
    t.ok(result.cleaned.equals(still), title)
    t.ok((await pixelsOf(result.cleaned)).equals(await pixelsOf(still)), title)
  }
})

t.test('a frame that cannot be decoded is refused', async (t) => {
  const withFrame = (frame: Buffer) => pngOf(header, total(2), control(0), pixels, control(1), frame, end)
  const spoiled = data(2)
  spoiled.writeUInt8(spoiled.readUInt8(spoiled.length - 1) ^ 1, spoiled.length - 1)
  const cases: Array<[string, Buffer]> = [
    ['rows are missing', data(2, rowsOf(width, height - 1))],
    ['too many rows', data(2, rowsOf(width, height + 1))],
    ['an unknown filter', data(2, rowsOf(width, height).fill(5))],
    ['no compressed data', pngChunk('fdAT', Buffer.concat([uint32(2), Buffer.from('not compressed')]))],
    ['compressed data that ends early', pngChunk('fdAT', Buffer.concat([uint32(2), deflateSync(rowsOf(width, height)).subarray(0, -6)]))],
    ['a wrong checksum', spoiled]
  ]
  for (const [title, frame] of cases) await t.rejects(clean(withFrame(frame)), { name: 'ImageError', kind: 'broken' }, title)
  const failing = { ...bytesSource(withFrame(data(2))) }
  const { compressedFrames = [] } = await inspectPng(bytesSource(withFrame(data(2))))
  const read = async () => { throw new Error('the disk failed') }
  await t.rejects(checkCompressedFrames({ ...failing, read }, compressedFrames), { message: 'the disk failed' })
  await t.rejects(checkCompressedFrames(failing, compressedFrames, AbortSignal.abort(new Error('gone'))), { message: 'gone' })
})

t.test('the time for all frames is limited', async (t) => {
  const frames = Array.from({ length: 200 }, (_, index) => control(index, [9000, 9000, 0, 0]))
  await t.rejects(inspectPng(bytesSource(pngOf(pngHeader(9000, 9000), total(200), pixels, ...frames, end))), {
    name: 'ImageError', kind: 'too_large', message: /2000 million pixels/
  })
})
