import { mkdir, open, readdir, rm } from 'node:fs/promises'
import path from 'node:path'
import { deflateSync } from 'node:zlib'
import sharp from 'sharp'
import t from 'tap'
import { createWeightedSemaphore } from '../../../../plugins/creatives/images/weighted-semaphore.ts'
import { createImages } from '../../../../plugins/creatives/images/process.ts'
import { gifFrame, gifTrailer, pngChunk, pngHeader, pngOf } from '../../../fixtures/image-parts.ts'
import { heic, images } from '../../../fixtures/images.ts'
import { animation, picture } from '../../../fixtures/pictures.ts'
import { chunkOf, webpAnimation, webpChunk, webpFlag, webpFrame, webpHeader, webpOf } from '../../../fixtures/webp-parts.ts'
import { createFixture } from './fixture.ts'

const end = pngChunk('IEND')
const memoryBytes = 2 ** 32

/** Changes the byte at this offset, which lies in the pixel data. */
function damage (image: Buffer, at: number): Buffer {
  const damaged = Buffer.from(image)
  damaged[at] = damaged.readUInt8(at) ^ 0x55
  return damaged
}

/** Returns the only chunk of a type with half of its data and the right length. */
function cutChunk (webp: Buffer, type: string): Buffer {
  const chunk = chunkOf(webp, type)
  return webpChunk(type, chunk.subarray(8, 8 + chunk.readUInt32LE(4) / 2))
}

t.test('damaged images are refused without leftover files', async (t) => {
  const fixture = await createFixture(t)
  const jpeg = await picture(600, 400).jpeg().toBuffer()
  const gif = await animation(40, 15).gif({ reuse: false }).toBuffer()
  const webp = await picture(600, 400).webp().toBuffer()
  const avif = await picture(600, 400).avif({ effort: 0 }).toBuffer()
  const lossless = await picture(600, 400).webp({ lossless: true, effort: 0 }).toBuffer()
  const cutOut = await picture(600, 400, { channels: 4 }).webp().toBuffer()
  const cases: Array<[string, Buffer]> = [
    ['a JPEG truncated in the middle, with an end marker', Buffer.concat([jpeg.subarray(0, jpeg.length / 2), Buffer.from([0xff, 0xd9])])],
    ['a JPEG with missing bytes', Buffer.concat([jpeg.subarray(0, jpeg.length - 900), jpeg.subarray(jpeg.length - 800)])],
    ['a PNG whose rows end early', pngOf(pngHeader(9, 9), pngChunk('IDAT', deflateSync(Buffer.alloc(100))), end)],
    ['a PNG whose pixel data is not compressed', pngOf(pngHeader(9, 9), pngChunk('IDAT', 'not compressed'), end)],
    ['a PNG with an unknown bit depth', pngOf(pngHeader(9, 9, { bitDepth: 7 }), pngChunk('IDAT', deflateSync(Buffer.alloc(300))), end)],
    ['a GIF whose last frame cannot be read', Buffer.concat([gif.subarray(0, -1), gifFrame().fill(0x0d, 10, 11), gifTrailer])],
    ['a PNG with a wrong checksum', damage(images.png, 45)],
    ['a truncated GIF', gif.subarray(0, -50)],
    ['a truncated AVIF', avif.subarray(0, -50)],
    ['an AVIF whose pixels are damaged', damage(damage(avif, avif.length - 600), avif.length - 601).fill(0, avif.length - 500)],
    ['a truncated WebP', webp.subarray(0, -50)],
    ['a lossy WebP with half of its pixels', webpOf([cutChunk(webp, 'VP8 ')])],
    ['a lossless WebP with half of its pixels', webpOf([cutChunk(lossless, 'VP8L')])],
    ['a WebP whose plane of alpha is cut', webpOf([
      webpHeader(600, 400, webpFlag.alpha), cutChunk(cutOut, 'ALPH'), chunkOf(cutOut, 'VP8 ')
    ])],
    ['a WebP whose last frame is cut', webpOf([
      webpHeader(600, 400, webpFlag.animation), webpAnimation, webpFrame({ width: 600, height: 400 }, chunkOf(webp, 'VP8 ')),
      webpFrame({ width: 600, height: 400 }, cutChunk(lossless, 'VP8L'))
    ])]
  ]
  for (const [title, bytes] of cases) {
    await t.rejects(fixture.process(bytes), {
      code: 'CHR_IMAGE_BROKEN', statusCode: 422, message: /^The image .*Open it, save it anew/
    }, title)
    t.same(await fixture.listLeftovers(), [], title)
  }
})

t.test('a small file that declares huge dimensions is refused', async (t) => {
  const fixture = await createFixture(t)
  const png = pngOf(pngHeader(64250, 64250), pngChunk('IDAT', deflateSync(Buffer.alloc(5000))), end)
  await t.rejects(fixture.process(png), {
    code: 'CHR_IMAGE_TOO_LARGE', statusCode: 422, message: /64250 x 64250 pixels and would take \d+ MiB of memory to decode; 192 MiB are allowed/
  })
  t.same(await fixture.listLeftovers(), [])
})

t.test('content of any other type is refused', async (t) => {
  const fixture = await createFixture(t)
  const svg = Buffer.from('<svg xmlns="http://www.w3.org/2000/svg" width="9" height="9"/>')
  for (const bytes of [Buffer.alloc(0), Buffer.from('\xff\xd8', 'latin1'), heic, svg, await picture(9, 9).tiff().toBuffer()]) {
    await t.rejects(fixture.process(bytes), { code: 'CHR_IMAGE_TYPE' })
  }
  t.same(await fixture.listLeftovers(), [])
})

t.test('a staged file that cannot be read is a storage failure, not a broken image', async (t) => {
  const fixture = await createFixture(t)
  await t.rejects(fixture.images.process(path.join(fixture.folder, 'missing')), { code: 'CHR_UNAVAILABLE', dependency: 'storage' })
  await mkdir(path.join(fixture.folder, 'a folder'))
  await t.rejects(fixture.images.process(path.join(fixture.folder, 'a folder')), { code: 'CHR_UNAVAILABLE', dependency: 'storage' })
})

t.test('a folder that cannot be written is a storage failure, not a broken image', async (t) => {
  const fixture = await createFixture(t)
  await fixture.process(images.png)
  const handle = await open(fixture.staged, 'r')
  t.teardown(async () => { await handle.close() })
  // The file can be read under /dev/fd, and no file can be created beside it.
  await t.rejects(fixture.images.process(`/dev/fd/${handle.fd}`), { code: 'CHR_UNAVAILABLE', dependency: 'storage' })
})

t.test('decoding has a time limit', async (t) => {
  const { staged, listLeftovers } = await createFixture(t)
  // An image with 16 bits per channel and a colour profile: a few hundred kilobytes that take about two seconds to decode.
  const flat = sharp({ create: { width: 6300, height: 6300, channels: 4, background: '#0963c880' } })
  await flat.toColourspace('rgb16').withIccProfile('p3').png({ compressionLevel: 1 }).toFile(staged)
  const impatient = createImages({ memoryBytes, decodeMemory: createWeightedSemaphore(memoryBytes), decoding: createWeightedSemaphore(1), decodeSeconds: 1 })
  await t.rejects(impatient.process(staged), { code: 'CHR_IMAGE_TOO_LARGE', message: /takes too long/ })
  t.same(await listLeftovers(), [])
})

t.test('an aborted request is not processed and leaves no files', async (t) => {
  const { process, listLeftovers } = await createFixture(t)
  const gone = new Error('gone')
  await t.rejects(process(images.png, AbortSignal.abort(gone)), { message: 'gone' })
  t.same(await listLeftovers(), [])
})

t.test('a request that is aborted while it waits for memory leaves no files', async (t) => {
  const { staged, process, listLeftovers } = await createFixture(t)
  const result = await process(images.png)
  for (const { path: file } of [result.original, result.preview, result.thumbnail]) await rm(file)
  const semaphore = createWeightedSemaphore(100)
  const waiting = createImages({ memoryBytes, decodeMemory: semaphore, decoding: createWeightedSemaphore(1), decodeSeconds: 20 })
  const { promise, resolve } = Promise.withResolvers<void>()
  const held = semaphore.run(100, async () => { await promise })
  const controller = new AbortController()
  const processing = waiting.process(staged, controller.signal)
  const outcome = t.rejects(processing, { message: 'gone' })
  while (semaphore.waiting === 0) await new Promise((resolve) => setImmediate(resolve))
  controller.abort(new Error('gone'))
  await outcome
  resolve()
  await held
  t.same(await listLeftovers(), [])
})

t.test('a request that is aborted during decoding leaves no files', async (t) => {
  const { staged, process, listLeftovers, folder } = await createFixture(t)
  const result = await process(images.png, new AbortController().signal)
  for (const { path: file } of [result.original, result.preview, result.thumbnail]) await rm(file)
  const controller = new AbortController()
  const semaphore = createWeightedSemaphore(1)
  const aborted = createImages({
    decodeSeconds: 20,
    memoryBytes,
    decoding: createWeightedSemaphore(1),
    decodeMemory: {
      waiting: 0,
      run: (cost, work, signal) => semaphore.run(cost, async () => {
        const done = await work()
        t.equal((await readdir(folder)).length, 2, 'the original is already written')
        controller.abort(new Error('gone'))
        return done
      }, signal)
    }
  })
  await t.rejects(aborted.process(staged, controller.signal), { message: 'gone' })
  t.same(await listLeftovers(), [])
})
