import { deflateSync } from 'node:zlib'
import fc from 'fast-check'
import t from 'tap'
import {
  gifApplication, gifBlocks, gifExtension, gifTrailer, insertIntoJpeg, insertIntoPng, jpegSegment, pngChunk, pngOf, tiff,
  orientationEntry, gpsEntry
} from '../../../fixtures/image-parts.ts'
import { images } from '../../../fixtures/images.ts'
import { animation, picture, pixelsOf } from '../../../fixtures/pictures.ts'
import { chunkOf, webpChunk, webpHeader, webpOf } from '../../../fixtures/webp-parts.ts'
import { contentOf, createFixture } from './fixture.ts'

const exif = tiff({ entries: [orientationEntry(6), gpsEntry] })
const gif = await animation(12, 4).gif().toBuffer()

const baseline = await picture(40, 24).jpeg().toBuffer()
const scanStart = baseline.indexOf(Buffer.from([0xff, 0xda]))
const still = images.png.subarray(33, -12)
const uint32 = (value: number) => Buffer.from([0, 0, 0, value])
const control = (sequence: number) => pngChunk('fcTL', Buffer.concat([
  ...[sequence, 1, 1, 0, 0].map(uint32), Buffer.from([0, 1, 0, 10, 0, 0])
]))

/** Images with mistakes that are corrected. */
const mended = [
  baseline.subarray(0, -2),
  Buffer.concat([baseline.subarray(0, scanStart), Buffer.from('stray'), baseline.subarray(scanStart)]),
  Buffer.concat([baseline.subarray(0, scanStart + 11), Buffer.alloc(3), baseline.subarray(scanStart + 14)]),
  Buffer.concat([baseline.subarray(0, -2), Buffer.from('stray'), baseline.subarray(-2)]),
  insertIntoJpeg(baseline, jpegSegment(0xe0, 'JFIF\0\x02\x01\0\0\x48\0\x48\0\0'), jpegSegment(0xee, 'Adobe\0\x64\0\0\0\0\x07')),
  Buffer.concat([gif.subarray(0, -1), Buffer.alloc(2)]),
  images.png.subarray(0, -12),
  pngOf(
    images.png.subarray(8, 33), pngChunk('acTL', Buffer.concat([uint32(2), uint32(0)])), control(0), still, control(1),
    pngChunk('fdAT', Buffer.concat([uint32(2), deflateSync(Buffer.alloc(5))])), images.png.subarray(-12)
  )
]
const lossy = chunkOf(await picture(24, 16).webp().toBuffer(), 'VP8 ')

/** Valid images, which are small so that many changes hit their structure. */
const valid = [
  ...Object.values(images),
  ...mended,
  insertIntoJpeg(await picture(24, 16).jpeg({ progressive: true })
    .toBuffer(), jpegSegment(0xe1, Buffer.concat([Buffer.from('Exif\0\0'), exif])), jpegSegment(0xfe, 'text')),
  insertIntoPng(await picture(24, 16).withIccProfile('srgb').png({ progressive: true })
    .toBuffer(), pngChunk('eXIf', exif), pngChunk('tEXt', 'a\0b')),
  Buffer.concat([gif.subarray(0, -1), gifExtension(0xfe, gifBlocks('text')), gifApplication('XMP DataXMP', gifBlocks('<x/>')), gifTrailer]),
  await picture(24, 16, { channels: 4 }).withIccProfile('p3').withExif({ IFD0: { Artist: 'text' } }).webp().toBuffer(),
  await picture(24, 16).webp({ lossless: true }).toBuffer(),
  await animation(12, 4).webp().toBuffer(),
  await picture(24, 16, { channels: 4 }).withExif({ IFD0: { Artist: 'text' } }).avif({ effort: 0 }).toBuffer()
]

const change = fc.oneof(
  fc.record({ kind: fc.constant('set' as const), at: fc.nat(), bytes: fc.uint8Array({ minLength: 1, maxLength: 8 }) }),
  fc.record({ kind: fc.constant('insert' as const), at: fc.nat(), bytes: fc.uint8Array({ minLength: 1, maxLength: 40 }) }),
  fc.record({ kind: fc.constant('remove' as const), at: fc.nat(), bytes: fc.uint8Array({ minLength: 1, maxLength: 40 }) }),
  fc.record({ kind: fc.constant('cut' as const), at: fc.nat(), bytes: fc.constant(new Uint8Array()) })
)

/** The longest signatures are those of WebP and AVIF. */
const identifyingBytes = 12

function apply (image: Buffer, { kind, at, bytes }: { kind: 'set' | 'insert' | 'remove' | 'cut', at: number, bytes: Uint8Array }): Buffer {
  // The first bytes identify the type and are not changed, since images of unknown type are refused at once.
  const offset = identifyingBytes + at % (image.length - identifyingBytes)
  const restOffset = { set: offset + bytes.length, insert: offset, remove: offset + bytes.length, cut: image.length }[kind]
  return Buffer.concat([image.subarray(0, offset), kind === 'remove' ? Buffer.alloc(0) : bytes, image.subarray(restOffset)])
}

/** Valid images with an additional well-formed part of any kind and content, inserted where metadata may be. */
const parts = [
  fc.record({ code: fc.integer({ min: 0xbf, max: 0xff }), data: fc.uint8Array({ maxLength: 60 }) })
    .map(({ code, data }) => insertIntoJpeg(images.jpeg, jpegSegment(code, Buffer.from(data)))),
  fc.record({
    type: fc.stringMatching(/^[a-zA-Z]{3}[A-Z]$/).map((letters) => letters.slice(1) + letters.slice(0, 1).toLowerCase()),
    data: fc.uint8Array({ maxLength: 60 })
  })
    .map(({ type, data }) => insertIntoPng(images.png, pngChunk(type, Buffer.from(data)))),
  fc.record({ label: fc.nat(255), data: fc.uint8Array({ maxLength: 600 }) })
    .map(({ label, data }) => Buffer.concat([
      images.gif.subarray(0, 19), gifExtension(label, gifBlocks(Buffer.from(data))), images.gif.subarray(19)
    ])),
  fc.record({ type: fc.stringMatching(/^[A-Z]{4}$/), data: fc.uint8Array({ maxLength: 60 }) })
    .map(({ type, data }) => webpOf([webpHeader(24, 16, 0x3c), webpChunk(type, Buffer.from(data)), lossy]))
]
const changed = fc.tuple(fc.constantFrom(...valid), fc.array(change, { minLength: 1, maxLength: 3 }))
  .map(([image, changes]) => changes.reduce(apply, image))

t.test('every image is processed before it is changed', async (t) => {
  const fixture = await createFixture(t)
  for (const [index, image] of valid.entries()) await t.resolves(fixture.process(image), `image ${index}`)
})

t.test('a randomly changed image is processed, or refused with an image error and without leftover files', async (t) => {
  const fixture = await createFixture(t)
  const outcomes = { processed: 0, refused: 0 }
  await fc.assert(fc.asyncProperty(fc.oneof(changed, ...parts), async (upload) => {
    const before = await fixture.listLeftovers()
    try {
      const { original } = await fixture.process(upload)
      outcomes.processed++
      // The stored picture is the same, and cleaning it again finds nothing. sharp may refuse the upload for a part that was removed.
      const stored = await contentOf(original)
      const pixels = await pixelsOf(stored)
      if (!pixels.equals(await pixelsOf(upload).catch(() => pixels))) throw new Error('the picture has changed')
      const again = await fixture.process(stored)
      return again.removed.length === 0 && (await contentOf(again.original)).equals(stored)
    } catch (error) {
      outcomes.refused++
      if (!(error instanceof Error && 'code' in error && /^CHR_IMAGE_(BROKEN|TOO_LARGE)$/.test(String(error.code)))) throw error
      return (await fixture.listLeftovers()).length === before.length
    }
  }), { numRuns: 300, seed: 20260101 })
  t.ok(outcomes.processed > 20, `${outcomes.processed} were processed`)
  t.ok(outcomes.refused > 20, `${outcomes.refused} were refused`)
})
