import { existsSync } from 'node:fs'
import { readdir, readlink, writeFile } from 'node:fs/promises'
import path from 'node:path'
import { deflateSync } from 'node:zlib'
import sharp from 'sharp'
import t from 'tap'
import { thumbHashToApproximateAspectRatio } from 'thumbhash'
import { images } from '../../../fixtures/images.ts'
import { insertIntoPng, pngChunk } from '../../../fixtures/image-parts.ts'
import { animation, picture, pixelsOf } from '../../../fixtures/pictures.ts'
import { chunkOf, webpHeader, webpOf } from '../../../fixtures/webp-parts.ts'
import { contentOf, createFixture } from './fixture.ts'

const formats = [
  { contentType: 'image/jpeg', make: () => picture(1600, 900).jpeg() },
  { contentType: 'image/png', make: () => picture(1600, 900).png() },
  { contentType: 'image/gif', make: () => picture(1600, 900).gif({ effort: 1, colours: 16 }) },
  { contentType: 'image/webp', make: () => picture(1600, 900).webp({ effort: 0 }) },
  { contentType: 'image/avif', make: () => picture(1600, 900).avif({ effort: 0 }) }
]

for (const { contentType, make } of formats) {
  t.test(`an upload of ${contentType} becomes an original, a preview and a thumbnail`, async (t) => {
    const fixture = await createFixture(t)
    const upload = await make().toBuffer()
    const result = await fixture.process(upload)
    t.match(result, { contentType, width: 1600, height: 900, frameCount: 1, removed: [], dominantColor: /^#[0-9a-f]{6}$/ })
    const stored = await contentOf(result.original)
    // The descriptions of an AVIF are always written anew.
    if (contentType === 'image/avif') t.ok((await pixelsOf(stored)).equals(await pixelsOf(upload)), 'the pixels are stored unchanged')
    else t.ok(stored.equals(upload), 'an image without metadata is stored unchanged')
    t.match(await sharp(await contentOf(result.preview)).metadata(), { format: 'webp', width: 1280, height: 720 })
    t.match(await sharp(await contentOf(result.thumbnail)).metadata(), { format: 'webp', width: 320, height: 180 })
    const ratio = thumbHashToApproximateAspectRatio(Buffer.from(result.thumbHash, 'base64'))
    t.ok(Math.abs(ratio - 16 / 9) < 0.3, `the ThumbHash has the aspect ratio of the image: ${ratio}`)
    const files = [result.original, result.preview, result.thumbnail].map((file) => path.basename(file.path)).sort()
    t.same((await fixture.listLeftovers()).sort(), files, 'there are three new files, and the staged file stays')
    for (const file of files) t.match(file, /^[0-9a-f]{32}$/)
  })
}

t.test('the smallest images are never enlarged', async (t) => {
  const fixture = await createFixture(t)
  for (const [name, bytes] of Object.entries(images)) {
    const result = await fixture.process(bytes)
    t.match(result, { width: 1, height: 1 }, name)
    for (const file of [
      result.preview, result.thumbnail
    ]) t.match(await sharp(await contentOf(file)).metadata(), { width: 1, height: 1 }, name)
  }
})

t.test('the thumbnail of an image of one row or column is at least one pixel high and wide', async (t) => {
  const fixture = await createFixture(t)
  for (const [width, height] of [[3000, 1], [1, 3000]] as const) {
    const { thumbnail } = await fixture.process(await picture(width, height).png().toBuffer())
    t.match(await sharp(await contentOf(thumbnail)).metadata(), { width: Math.min(width, 320), height: Math.min(height, 320) })
  }
})

t.test('the preview is upright for each of the eight EXIF orientations', async (t) => {
  const fixture = await createFixture(t)
  for (const orientation of [1, 2, 3, 4, 5, 6, 7, 8]) {
    const upload = await picture(600, 400).withMetadata({ orientation }).jpeg({ quality: 95 }).toBuffer()
    const result = await fixture.process(upload)
    const isTurned = orientation >= 5
    t.match(result, { width: isTurned ? 400 : 600, height: isTurned ? 600 : 400 }, `${orientation}`)
    const expected = await sharp(upload).autoOrient().raw().toBuffer({ resolveWithObject: true })
    const shown = await sharp(await contentOf(result.preview)).raw().toBuffer({ resolveWithObject: true })
    t.match(shown.info, { width: expected.info.width, height: expected.info.height })
    t.ok(meanDifference(
      shown.data, expected.data
    ) < 12, `pixels of orientation ${orientation}: ${meanDifference(shown.data, expected.data)}`)
    const stored = await contentOf(result.original)
    t.equal((await sharp(stored).metadata()).orientation, orientation === 1 ? undefined : orientation)
    t.ok((await pixelsOf(stored)).equals(await pixelsOf(upload)), 'the pixels of the original are unchanged')
  }
})

t.test('a WebP is shown as it is stored, because browsers ignore its EXIF orientation', async (t) => {
  const fixture = await createFixture(t)
  const upload = await picture(600, 400).withMetadata({ orientation: 6 }).webp({ lossless: true }).toBuffer()
  const result = await fixture.process(upload)
  t.match(result, { width: 600, height: 400, removed: ['exif'] })
  t.match(await sharp(await contentOf(result.preview)).metadata(), { width: 600, height: 400 })
  const stored = await contentOf(result.original)
  t.equal((await sharp(stored).metadata()).orientation, undefined)
  t.ok((await pixelsOf(stored)).equals(await pixelsOf(upload)), 'the pixels of the original are unchanged')
})

t.test('an AVIF is shown as its rotation says, and its EXIF orientation has no effect', async (t) => {
  const fixture = await createFixture(t)
  const upload = await picture(600, 400).withMetadata({ orientation: 6 }).avif({ effort: 0 }).toBuffer()
  const result = await fixture.process(upload)
  t.match(result, { width: 400, height: 600, removed: ['exif'] })
  t.match(await sharp(await contentOf(result.preview)).metadata(), { width: 400, height: 600 })
  t.ok((await pixelsOf(await contentOf(result.original))).equals(await pixelsOf(upload)))
})

t.test('the preview and the original of a WebP have the alpha that browsers show', async (t) => {
  const fixture = await createFixture(t)
  const clear = await picture(64, 48, { channels: 4 }).webp({ lossless: true }).toBuffer()
  const result = await fixture.process(webpOf([webpHeader(64, 48), chunkOf(clear, 'VP8L')]))
  for (const file of [result.original, result.preview]) {
    const { data, info } = await sharp(await contentOf(file)).raw().toBuffer({ resolveWithObject: true })
    t.same([info.channels, data[3], data[63 * 4 + 3]], [4, 255, 128])
  }
})

t.test('stored files contain no EXIF, GPS or XMP metadata', async (t) => {
  const fixture = await createFixture(t)
  const upload = await picture(600, 400).withIccProfile('p3').withXmp('<x:xmpmeta xmlns:x="adobe:ns:meta/">secret</x:xmpmeta>')
    .withExifMerge({ IFD0: { Artist: 'secret' }, IFD3: { GPSLatitudeRef: 'N', GPSLatitude: '51/1 30/1 3230/100' } }).jpeg().toBuffer()
  const result = await fixture.process(upload)
  t.same(result.removed.sort(), ['exif', 'gps', 'xmp'])
  const stored = await contentOf(result.original)
  const metadata = await sharp(stored).metadata()
  t.same([metadata.exif, metadata.xmp, metadata.iptc], [undefined, undefined, undefined])
  t.ok(metadata.icc?.equals((await sharp(upload).metadata()).icc ?? Buffer.alloc(0)), 'the colour profile stays')
  for (const file of [result.original, result.preview, result.thumbnail]) t.notOk((await contentOf(file)).includes('secret'))
  for (const file of [result.preview, result.thumbnail]) {
    const { exif, xmp, icc, orientation } = await sharp(await contentOf(file)).metadata()
    t.same([exif, xmp, icc, orientation], [undefined, undefined, undefined, undefined], 'a derivative has no metadata')
  }
})

t.test('the dominant colour is right for all bit depths, colour spaces and profiles', async (t) => {
  const fixture = await createFixture(t)
  const flat = (red: number, green: number, blue: number) => sharp({
    create: { width: 50, height: 50, channels: 3, background: { r: red, g: green, b: blue } }
  })
  t.equal((await fixture.process(await flat(9, 99, 200).png().toBuffer())).dominantColor, '#0963c8')
  t.equal((await fixture.process(await flat(9, 99, 200).toColourspace('rgb16').png()
    .toBuffer())).dominantColor, '#0963c8', '16 bits per channel')
  t.equal((await fixture.process(await flat(128, 128, 128).greyscale().png().toBuffer())).dominantColor, '#808080', 'grey')
  const wide = (await fixture.process(await flat(250, 20, 20).withIccProfile('p3').png().toBuffer())).dominantColor
  t.match(wide, /^#f[0-9a-f]1[0-9a-f]1[0-9a-f]$/, 'Display P3')
})

t.test('the preview preserves transparency', async (t) => {
  const fixture = await createFixture(t)
  const { preview } = await fixture.process(await picture(64, 48, { channels: 4 }).png().toBuffer())
  const { data, info } = await sharp(await contentOf(preview)).raw().toBuffer({ resolveWithObject: true })
  t.equal(info.channels, 4)
  t.equal(data[3], 255)
  t.equal(data[(info.width - 1) * 4 + 3], 128)
})

t.test('the original of an animation has all frames, and its preview shows the first one', async (t) => {
  const fixture = await createFixture(t)
  for (const upload of [await animation(40, 12).gif().toBuffer(), await animation(40, 12).webp({ quality: 90 }).toBuffer()]) {
    const result = await fixture.process(upload)
    t.match(result, { frameCount: 12, width: 40, height: 40 }, result.contentType)
    t.ok((await pixelsOf(await contentOf(result.original))).equals(await pixelsOf(upload)))
    const shown = await sharp(await contentOf(result.preview)).removeAlpha().raw().toBuffer()
    t.ok(meanDifference(shown, await sharp(upload).removeAlpha().raw().toBuffer()) < 30, result.contentType)
  }
})

t.test('an animated PNG keeps its frames, and every frame is decoded', async (t) => {
  const fixture = await createFixture(t)
  const uint32 = (value: number) => Buffer.from([0, 0, 0, value])
  const control = (sequence: number) => pngChunk('fcTL', Buffer.concat([
    ...[sequence, 1, 1, 0, 0].map(uint32), Buffer.from([0, 1, 0, 10, 0, 0])
  ]))
  const animationOf = (rowBytes: number) => Buffer.concat([
    insertIntoPng(images.png, pngChunk('acTL', Buffer.concat([uint32(2), uint32(0)])), control(0)).subarray(0, -12), control(1),
    pngChunk('fdAT', Buffer.concat([uint32(2), deflateSync(Buffer.alloc(rowBytes))])), images.png.subarray(-12)
  ])
  const upload = animationOf(5)
  const result = await fixture.process(upload)
  t.match(result, { frameCount: 2, removed: [] })
  t.ok((await contentOf(result.original)).equals(upload))
  await t.rejects(fixture.process(animationOf(4)), { code: 'CHR_IMAGE_BROKEN' })
})

t.test('the animation of a PNG without frames is removed', async (t) => {
  const fixture = await createFixture(t)
  const result = await fixture.process(insertIntoPng(images.png, pngChunk('acTL', '\0\0\0\x01\0\0\0\0')))
  t.match(result, { frameCount: 1, removed: ['animation'] })
})

t.test('the preview of an HDR image is mapped to sRGB', async (t) => {
  const fixture = await createFixture(t)
  const grey = await sharp({ create: { width: 200, height: 150, channels: 3, background: '#949494' } }).png().toBuffer()
  const upload = insertIntoPng(grey, pngChunk('cICP', '\x09\x10\0\x01'))
  const result = await fixture.process(upload)
  t.ok((await contentOf(result.original)).equals(upload), 'the original stays HDR')
  const { data } = await sharp(await contentOf(result.preview)).raw().toBuffer({ resolveWithObject: true })
  t.ok(data.every((value) => value > 180 && value < 205), `${data[0]}`)
  t.match(result.dominantColor, /^#[bc]/)
})

t.test('the preview of an image with a gamma follows it, unless the image names its colour space', async (t) => {
  const fixture = await createFixture(t)
  const grey = await sharp({ create: { width: 200, height: 150, channels: 3, background: '#808080' } }).png().toBuffer()
  const [gamma, srgb] = [pngChunk('gAMA', '\0\x01\x86\xa0'), pngChunk('sRGB', '\0')]
  for (const [chunks, expected] of [[[gamma], 188], [[gamma, srgb], 128], [[], 128]] as const) {
    const upload = insertIntoPng(grey, ...chunks)
    const result = await fixture.process(upload)
    t.ok((await contentOf(result.original)).equals(upload), 'the original keeps its chunks')
    const { data } = await sharp(await contentOf(result.preview)).raw().toBuffer({ resolveWithObject: true })
    t.ok(data.every((value) => Math.abs(value - expected) <= 3), `${data[0]} for ${expected}`)
  }
})

const descriptors = '/proc/self/fd'

t.test('at most two uploads of a burst are read at the same time', {
  skip: existsSync(descriptors) ? false : 'needs /proc/self/fd'
}, async (t) => {
  const fixture = await createFixture(t)
  await fixture.process(await picture(1600, 900).jpeg({ quality: 100 }).toBuffer())
  const burst = Promise.all(Array.from({ length: 8 }, async () => await fixture.images.process(fixture.staged)))
  const counts: number[] = []
  const over = new AbortController()
  const watching = (async () => {
    while (!over.signal.aborted) {
      const targets = await Promise.all((await readdir(descriptors)).map(async (name) => await readlink(path.join(descriptors, name))
        .catch(() => '')))
      counts.push(targets.filter((target) => target === fixture.staged).length)
    }
  })()
  await burst.finally(() => { over.abort() })
  await watching
  t.ok([1, 2].includes(Math.max(...counts)), `${Math.max(...counts)} at most`)
})

t.test('images that are processed concurrently do not mix', async (t) => {
  const fixture = await createFixture(t)
  const encoded = await Promise.all(['#ff0000', '#00ff00', '#0000ff'].map(async (background) =>
    await sharp({
      create: { width: 1600, height: 900, channels: 3, background, noise: { type: 'gaussian', mean: 128, sigma: 30 } }
    }).jpeg({ quality: 100 }).toBuffer()))
  const files = encoded.map((_bytes, index) => path.join(fixture.folder, `staged-${index}`))
  await Promise.all(files.map(async (file, index) => { await writeFile(file, encoded[index] ?? '') }))
  const images = await Promise.all(files.map(async (file) => await fixture.images.process(file)))
  for (const [index, { original }] of images.entries()) {
    const alone = await fixture.process(encoded[index] ?? Buffer.alloc(0))
    t.ok((await contentOf(original)).equals(await contentOf(alone.original)), `image ${index}`)
  }
})

function meanDifference (one: Buffer, other: Buffer): number {
  let sum = 0
  for (const [index, value] of one.entries()) sum += Math.abs(value - (other[index] ?? 0))
  return sum / one.length
}
