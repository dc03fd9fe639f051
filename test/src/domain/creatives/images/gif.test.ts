import t from 'tap'
import { inspectGif } from '../../../../../src/domain/creatives/images/gif.ts'
import {
  bytesSource, follow, gifApplication, gifBlocks, gifControl, gifExtension, gifFrame, gifScreen, gifTrailer
} from '../../../../fixtures/image-parts.ts'
import { animation, picture, pixelsOf } from '../../../../fixtures/pictures.ts'

const screen = gifScreen(1, 1)
const frame = gifFrame()
const loop = gifApplication('NETSCAPE2.0', gifBlocks('\x01\0\0'))
const gifOf = (...parts: Buffer[]) => Buffer.concat([screen, ...parts, gifTrailer])

/** Cleans a file twice and checks that the second time changes nothing. */
async function clean (gif: Buffer) {
  const inspection = await inspectGif(bytesSource(gif))
  const cleaned = follow(inspection, gif)
  const again = await inspectGif(bytesSource(cleaned))
  if (!follow(again, cleaned).equals(cleaned) || again.plan.removed.size > 0) throw new Error('cleaning twice differs from cleaning once')
  return { ...inspection.facts, removed: [...inspection.plan.removed].sort(), cleaned }
}

t.test('all metadata is removed, and its kinds are reported', async (t) => {
  const magic = Buffer.from([1, ...Array.from({ length: 256 }, (_, index) => 255 - index), 0])
  const cases: Array<[string, Buffer, string[]]> = [
    ['a comment', gifExtension(0xfe, gifBlocks('secret'.repeat(100))), ['comment']],
    ['plain text', gifExtension(0x01, Buffer.concat([Buffer.from([12]), Buffer.alloc(12), gifBlocks('secret')])), ['text']],
    ['XMP, which is not divided into blocks', gifApplication('XMP DataXMP', Buffer.concat([
      Buffer.from(`<x:xmpmeta>${'secret '.repeat(90)}</x:xmpmeta>`), magic
    ])), ['xmp']],
    ['a private extension of a program', gifApplication('ImageMagick', gifBlocks('gamma=0.45')), ['application_data']],
    ['an invalid profile', gifApplication('ICCRGBG1012', gifBlocks('secret'.repeat(20))), ['application_data']],
    ['an empty profile', gifApplication('ICCRGBG1012', gifBlocks('')), ['application_data']],
    ['an unknown extension', gifExtension(0x77, gifBlocks('secret')), ['application_data']],
    ['a loop extension without a count', gifApplication('NETSCAPE2.0', gifBlocks('')), ['application_data']],
    ['a loop extension of another kind', gifApplication('NETSCAPE2.0', gifBlocks('\x02\0\0')), ['application_data']]
  ]
  for (const [title, extension, removed] of cases) {
    const result = await clean(gifOf(extension, frame))
    t.same(result.removed, removed, title)
    t.ok(result.cleaned.equals(gifOf(frame)), `${title} leaves no trace`)
  }
})

t.test('the repeat count is retained, and nothing else of its extension', async (t) => {
  for (const name of ['NETSCAPE2.0', 'ANIMEXTS1.0']) {
    const gif = gifOf(gifApplication(name, gifBlocks('\x01\x07\0')), frame)
    const retained = await clean(gif)
    t.same(retained.removed, [], name)
    t.ok(retained.cleaned.equals(gif), name)
  }
  const more = gifApplication('NETSCAPE2.0', Buffer.concat([gifBlocks('\x01\0\0').subarray(0, 4), gifBlocks('\x02buffer')]))
  const result = await clean(gifOf(more, frame))
  t.same(result.removed, ['application_data'])
  t.ok(result.cleaned.equals(gifOf(loop, frame)))
})

t.test('a colour profile is retained', async (t) => {
  const gif = gifOf(gifApplication('ICCRGBG1012', gifBlocks(`${'\0'.repeat(36)}acsp${'profile'.repeat(100)}`)), frame)
  const result = await clean(gif)
  t.same(result.removed, [])
  t.ok(result.cleaned.equals(gif))
})

t.test('data after the end of the image is removed', async (t) => {
  const result = await clean(Buffer.concat([gifOf(frame), Buffer.from('<script>')]))
  t.same(result.removed, ['trailing_data'])
  t.ok(result.cleaned.equals(gifOf(frame)))
})

t.test('a first frame that extends beyond the screen enlarges it, as in decoders', async (t) => {
  const gif = gifOf(gifFrame({ left: 2, top: 1, width: 30, height: 20 }), gifFrame({ width: 90, height: 90 }))
  t.match(await clean(gif), { width: 32, height: 21 })
})

t.test('the pixels of all frames do not change', async (t) => {
  for (const image of [picture(64, 48), picture(64, 48, { channels: 4 }), animation(40, 12)]) {
    const gif = await image.gif().toBuffer()
    const marked = Buffer.concat([gif.subarray(0, -1), gifExtension(0xfe, gifBlocks('secret')), gifTrailer])
    const { cleaned } = await clean(marked)
    t.ok((await pixelsOf(cleaned)).equals(await pixelsOf(marked)))
    t.notOk(cleaned.includes('secret'))
  }
})

t.test('frames are counted', async (t) => {
  t.equal((await clean(await animation(40, 12).gif().toBuffer())).frameCount, 12)
})

t.test('images with millions of empty blocks are processed', async (t) => {
  const blocks = Buffer.alloc(10_000_000, Buffer.from([1, 7]))
  const gif = gifOf(frame.subarray(0, -4), blocks, Buffer.from([0]))
  t.ok((await clean(gif)).cleaned.equals(gif))
})

t.test('parts that span two windows are read completely', async (t) => {
  for (let length = 130_460; length < 130_560; length++) {
    const gif = gifOf(gifExtension(0xfe, gifBlocks('x'.repeat(length))), gifControl(1), loop, frame)
    const { cleaned } = await clean(gif)
    if (!cleaned.equals(gifOf(gifControl(1), loop, frame))) t.fail(`behind ${length} bytes`)
  }
})

t.test('structures that decoders reject are refused', async (t) => {
  const cases: Array<[string, Buffer]> = [
    ['a header alone', Buffer.from('GIF89a')],
    ['no colours', screen.subarray(0, -1)],
    ['a script', Buffer.from('GIF89a\x01\0\x01\0\0\0\0<html><script>alert(1)</script></html>')],
    ['no frame', gifOf()],
    ['no width', Buffer.concat([gifScreen(0, 1), frame, gifTrailer])],
    ['no height', Buffer.concat([gifScreen(1, 0), frame, gifTrailer])],
    ['bytes between parts', gifOf(Buffer.from([7]), frame)],
    ['stray bytes between frames', gifOf(frame, Buffer.from([7]), frame)],
    ['many stray bytes behind a frame', gifOf(frame, Buffer.alloc(70_000, 7))],
    ['a control block of a wrong length', gifOf(gifExtension(0xf9, gifBlocks('12345')), frame)],
    ['a control extension of two blocks', gifOf(gifExtension(0xf9, Buffer.from([4, 0, 0, 0, 0, 1, 0, 0])), frame)],
    ['no trailer and no frame', gifOf().subarray(0, -1)],
    ['zeros in place of frames', Buffer.concat([screen, Buffer.alloc(9)])],
    ['half a frame', gifOf(frame).subarray(0, -3)]
  ]
  for (const [title, gif] of cases) await t.rejects(inspectGif(bytesSource(gif)), { name: 'ImageError', kind: 'broken' }, title)
})

t.test('the time for all frames together is limited, by their number and their pixels', async (t) => {
  const large = (count: number) => inspectGif(bytesSource(Buffer.concat([
    gifScreen(4000, 5000), ...Array<Buffer>(count).fill(frame), gifTrailer
  ])))
  await t.resolves(large(100))
  await t.rejects(large(101), { name: 'ImageError', kind: 'too_large', message: /2000 million pixels in all its frames of 4000 x 5000/ })
  await t.rejects(inspectGif(bytesSource(gifOf(gifFrame({ left: 9, width: 65_535 })))), {
    name: 'ImageError', kind: 'too_large', message: /65544 x 1/
  }, 'a frame that extends beyond the screen')
  await t.rejects(inspectGif(bytesSource(gifOf(...Array<Buffer>(10_001).fill(frame)))), {
    name: 'ImageError', kind: 'too_large', message: /more than 10000 frames/
  })
})

t.test('a frame that restores the previous one costs a second canvas', async (t) => {
  const cost = async (disposal: number) => (await clean(Buffer.concat([
    gifScreen(2000, 2000), gifControl(disposal), frame, gifTrailer
  ]))).decodeBytes
  t.equal(await cost(3) - await cost(1), 2000 * 2000 * 4)
})

t.test('zeros between the parts are removed, and a missing trailer is added', async (t) => {
  const whole = gifOf(loop, gifControl(1), frame, gifControl(1), frame)
  const zeros = Buffer.alloc(3)
  const cases: Array<[string, Buffer]> = [
    ['a zero before the trailer', gifOf(loop, gifControl(1), frame, gifControl(1), frame, Buffer.alloc(1))],
    ['zeros before the trailer', gifOf(loop, gifControl(1), frame, gifControl(1), frame, zeros)],
    ['zeros between the frames', gifOf(zeros, loop, zeros, gifControl(1), frame, zeros, gifControl(1), frame)],
    ['no trailer', whole.subarray(0, -1)],
    ['zeros in place of the trailer', Buffer.concat([whole.subarray(0, -1), Buffer.alloc(200_000)])]
  ]
  for (const [title, gif] of cases) {
    const result = await clean(gif)
    t.same(result.removed, [], title)
    t.equal(result.frameCount, 2, title)
    t.ok(result.cleaned.equals(whole), title)
  }
})

t.test('stray bytes behind the last frame are removed', async (t) => {
  const whole = gifOf(loop, gifControl(1), frame)
  const open = whole.subarray(0, -1)
  const cases: Array<[string, Buffer]> = [
    ['before the trailer', Buffer.concat([open, Buffer.from([7]), gifTrailer])],
    ['in place of the trailer', Buffer.concat([open, Buffer.from([7])])],
    ['a text', Buffer.concat([open, Buffer.from('made by a program')])],
    ['many bytes', Buffer.concat([open, Buffer.alloc(60_000, 0xff), gifTrailer])]
  ]
  for (const [title, gif] of cases) {
    const result = await clean(gif)
    t.same(result.removed, ['trailing_data'], title)
    t.ok(result.cleaned.equals(whole), title)
  }
})
