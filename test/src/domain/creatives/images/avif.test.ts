import sharp from 'sharp'
import t from 'tap'
import { inspectAvif } from '../../../../../src/domain/creatives/images/avif.ts'
import { avifOf, box, full, type AvifParts } from '../../../../fixtures/avif-parts.ts'
import {
  alphaConfiguration, alphaType, channels, codedAlpha, codedImage, configuration, extent, gridOf, nclx, turn
} from '../../../../fixtures/avif-samples.ts'
import { bytesSource, follow, gpsEntry, tiff } from '../../../../fixtures/image-parts.ts'
import { picture, pixelsOf } from '../../../../fixtures/pictures.ts'

const image = { data: codedImage, links: [-1, 2, 3] }
const plain: AvifParts = { items: [image], properties: [configuration, extent(64, 48), channels] }
const profile = box('colr', 'prof', Buffer.alloc(36), 'acsp', Buffer.alloc(100))

/** Cleans a file twice and checks that the second time changes nothing. */
async function clean (avif: Buffer) {
  const inspection = await inspectAvif(bytesSource(avif))
  const cleaned = follow(inspection, avif)
  const again = await inspectAvif(bytesSource(cleaned))
  if (!follow(again, cleaned).equals(cleaned) || again.plan.removed.size > 0) throw new Error('cleaning twice differs from cleaning once')
  return { ...inspection.facts, removed: [...inspection.plan.removed].sort(), cleaned }
}

const withItem = (item: object, references: AvifParts['references'] = [['cdsc', 2, 1]]): AvifParts =>
  ({ ...plain, items: [image, item], references })
const withProperty = (property: Buffer): AvifParts => ({
  ...plain, items: [{ ...image, links: [...image.links, 4] }], properties: [...plain.properties, property]
})

t.test('all metadata is removed, and its kinds are reported', async (t) => {
  const exif = (prefix: string) => Buffer.concat([
    Buffer.from(`\0\0\0${String.fromCharCode(prefix.length)}${prefix}`, 'latin1'), tiff({ entries: [gpsEntry] })
  ])
  const cases: Array<[string, AvifParts, string[]]> = [
    ['nothing', plain, []],
    ['EXIF', withItem({ type: 'Exif', data: exif('') }), ['exif', 'gps']],
    ['EXIF with a prefix', withItem({ type: 'Exif', data: exif('Exif\0\0') }), ['exif', 'gps']],
    ['EXIF without data', withItem({ type: 'Exif' }), ['exif']],
    ['XMP', withItem({ type: 'mime', mediaType: 'application/rdf+xml', data: Buffer.from('secret') }), ['xmp']],
    ['another text', withItem({ type: 'mime', mediaType: 'text/plain', data: Buffer.from('secret') }), ['application_data']],
    ['a thumbnail', withItem({ data: codedImage, links: [-1, 2] }, [['thmb', 2, 1]]), ['thumbnail']],
    ['an image that is not shown', withItem({ data: codedImage, links: [-1, 2] }, []), ['application_data']],
    ['a depth map',
      {
        ...withItem({ data: codedImage, links: [-1, 2, 4] }, [['auxl', 2, 1]]),
        properties: [...plain.properties, full('auxC', 0,
          'urn:mpeg:hevc:2015:auxid:2\0')]
      }, ['application_data']],
    ['a reference to an image that is missing', { ...plain, references: [['prem', 1, 9]] }, []],
    ['properties of an image that is missing',
      {
        ...plain,
        replaced: {
          iprp: box('iprp', box('ipco', ...plain.properties), full('ipma', 0,
            '\0\0\0\x02\0\x01\x03\x81\x02\x03\0\x09\x01\x01'))
        }
      }, []],
    ['an auxiliary image that is missing', { ...plain, references: [['auxl', 9, 1]] }, []],
    ['a description', withProperty(full('udes', 0, 'en\0secret\0')), ['application_data']],
    ['a profile that is none', withProperty(box('colr', 'prof', 'secret'.repeat(20))), ['application_data']],
    ['a colour of an unknown kind', withProperty(box('colr', 'abcd', 'secret')), ['application_data']],
    ['a rotation with more than its byte', withProperty(box('irot', '\0secret')), ['application_data']],
    ['a link to a missing property', { ...plain, items: [{ ...image, links: [-1, 2, 3, 9] }] }, ['application_data']],
    ['a codec configuration with a copy of its headers',
      { ...plain, properties: [box('av1C', configuration.subarray(8, 12), 'secret'), ...plain.properties.slice(1)] }, []],
    ['a film beside the image', { ...plain, before: [box('moov', 'secret')] }, ['animation']],
    ['free space', { ...plain, before: [box('free', 'secret')], after: [box('skip', 'secret')] }, []],
    ['an unknown part', { ...plain, after: [box('uuid', 'secret')] }, ['application_data']],
    ['bytes at the end', { ...plain, after: [Buffer.from('secret!')] }, ['trailing_data']],
    ['a page at the end', { ...plain, after: [Buffer.from('<script>secret</script>')] }, ['trailing_data']],
    ['a part that is too short at the end', { ...plain, after: [Buffer.from('\0\0\0\x02secret!!', 'latin1')] }, ['trailing_data']],
    ['a long length that is cut at the end', { ...plain, after: [Buffer.from('\0\0\0\x01uuid\0\0', 'latin1')] }, ['trailing_data']],
    ['a part up to the end of the file', { ...plain, after: [Buffer.from('\0\0\0\0uuidsecret', 'latin1')] }, ['application_data']],
    ['a part with a long length',
      { ...plain, before: [Buffer.from('\0\0\0\x01uuid\0\0\0\0\0\0\0\x16secret', 'latin1')] }, ['application_data']],
    ['XMP beside numbers of the newer versions',
      { ...withItem({ type: 'mime', mediaType: 'application/rdf+xml', data: Buffer.from('secret') }), isWide: true }, ['xmp']],
    ['names of the newer versions', { ...plain, isWide: true }, []],
    ['data in two extents', { ...plain, items: [{ ...image, splitAt: 100 }] }, []],
    ['data beside the descriptions', { ...plain, isWide: true, items: [{ ...image, isInMeta: true }] }, []],
    ['other numbers of items', { ...plain, primary: 7, items: [{ ...image, id: 7 }] }, []]
  ]
  const expected = (await clean(avifOf(plain))).cleaned
  t.notOk(expected.includes('name'), 'names of items are removed')
  const pixels = await pixelsOf(avifOf(plain))
  for (const [title, parts, removed] of cases) {
    const result = await clean(avifOf(parts))
    t.match(result, { contentType: 'image/avif', width: 64, height: 48, frameCount: 1, orientation: 1 }, title)
    t.same(result.removed, removed, title)
    t.ok(result.cleaned.equals(expected), `${title} leaves no trace`)
  }
  t.ok((await pixelsOf(expected)).equals(pixels))
})

t.test('properties that affect the appearance are retained', async (t) => {
  for (const property of [profile, nclx, turn(2), box('imir', '\0'), box('pasp', '\0\0\0\x01\0\0\0\x02'), box('clli', 'abcd')]) {
    const { removed, cleaned } = await clean(avifOf(withProperty(property)))
    t.same(removed, [])
    t.ok(cleaned.includes(property), property.toString('latin1', 4, 8))
  }
  t.match(await clean(avifOf(withProperty(turn(1)))), { width: 48, height: 64 }, 'a quarter turn swaps the sides')
})

t.test('alpha and tiles are retained', async (t) => {
  const alpha = { data: codedAlpha, links: [-4, 2, 5], isHidden: true }
  const withAlpha: AvifParts = {
    items: [image, alpha, { type: 'Exif', data: Buffer.from('secret') }],
    properties: [...plain.properties, alphaConfiguration, alphaType],
    references: [['auxl', 2, 1, 3], ['cdsc', 3, 1], ['prem', 1, 2]]
  }
  const shown = await clean(avifOf(withAlpha))
  t.same(shown.removed, ['exif'])
  t.notOk(shown.cleaned.includes('secret'))
  const { data, info } = await sharp(shown.cleaned).raw().toBuffer({ resolveWithObject: true })
  t.same([info.channels, data[3], data[63 * 4 + 3]], [4, 255, 128])

  for (const isLong of [false, true]) {
    const tile = { ...image, isHidden: true }
    const grid = avifOf({
      items: [{ type: 'grid', data: gridOf(1, 2, { width: 100, height: 40, isLong }), links: [4, 3] }, tile, tile],
      properties: [...plain.properties, extent(100, 40)],
      references: [['dimg', 1, 2, 3]]
    })
    const result = await clean(grid)
    t.match(result, { width: 100, height: 40, removed: [], decodeBytes: 36 * 1024 * 1024 + 2 * 64 * 48 * 18 })
    t.ok((await pixelsOf(result.cleaned)).equals(await pixelsOf(grid)), 'pixels of tiles')
  }
})

t.test('the pixels of what the encoder writes do not change', async (t) => {
  for (const image of [picture(70, 50), picture(70, 50, { channels: 4 })]) {
    for (const options of [{}, { lossless: true }, { bitdepth: 10 as const }, { chromaSubsampling: '4:2:0' }]) {
      const avif = await image.clone().withIccProfile('p3').withExif({ IFD0: { Artist: 'secret' } }).withMetadata({ orientation: 6 })
        .avif({ effort: 0, ...options }).toBuffer()
      const { cleaned, removed, width, height } = await clean(avif)
      t.same([removed, width, height], [['exif'], 50, 70])
      t.ok((await pixelsOf(cleaned)).equals(await pixelsOf(avif)), JSON.stringify(options))
      t.same((await sharp(cleaned).metadata()).icc, (await sharp(avif).metadata()).icc)
    }
  }
})

t.test('memory is priced by pixels and their depth', async (t) => {
  const base = 36 * 1024 * 1024
  t.equal((await clean(avifOf(plain))).decodeBytes, base + 64 * 48 * 18)
  const deep = await picture(64, 48).avif({ effort: 0, bitdepth: 10 }).toBuffer()
  t.equal((await clean(deep)).decodeBytes, base + 64 * 48 * 24)
})
