import t from 'tap'
import { inspectAvif } from '../../../../../src/domain/creatives/images/avif.ts'
import { avifBrands, avifOf, box, full, uint, type AvifItem, type AvifParts } from '../../../../fixtures/avif-parts.ts'
import { channels, codedImage, configuration, extent, gridOf } from '../../../../fixtures/avif-samples.ts'
import { bytesSource } from '../../../../fixtures/image-parts.ts'

const image = { data: codedImage, links: [-1, 2, 3] }
const plain: AvifParts = { items: [image], properties: [configuration, extent(64, 48), channels] }
const whole = avifOf(plain)
const tile: AvifItem = { ...image, isHidden: true }
const replace = (type: string, ...content: Array<Buffer | string>) => avifOf({ ...plain, replaced: { [type]: full(type, 0, ...content) } })

function gridFile (grid: Buffer, { tiles = [2, 3], items = [tile, tile], width = 100 } = {}): Buffer {
  return avifOf({
    items: [{ type: 'grid', data: grid, links: [4] }, ...items],
    properties: [...plain.properties, extent(width, 40)],
    references: [['dimg', 1, ...tiles]]
  })
}
const grid = gridOf(1, 2, { width: 100, height: 40 })
const oneLocation = (...fields: Buffer[]) => replace('iloc', uint(0x4400, 2), uint(1, 2), uint(1, 2), ...fields)

const cases: Array<[string, Buffer, RegExp]> = [
  ['brands alone', avifBrands, /no pixels/],
  ['a file that ends in its descriptions', whole.subarray(0, 100), /no pixels/],
  ['a file that ends in its pixels', whole.subarray(0, -10), /ends before/],
  ['two descriptions', avifOf({ ...plain, after: [full('meta', 0)] }), /cannot be read/],
  ['descriptions that are too long', avifOf({ ...plain, after: [full('meta', 0, Buffer.alloc(4 * 1024 * 1024))] }), /cannot be read/],
  ['a part that exceeds the descriptions', avifOf({ ...plain, replaced: { free: uint(99, 4) } }), /too short|wrong length/],
  ['a part with the length zero', avifOf({ ...plain, replaced: { free: Buffer.from('\0\0\0\0free') } }), /wrong length/],
  ['a part that is there twice', avifOf({ ...plain, replaced: { again: full('pitm', 0, uint(1, 2)) } }), /part twice/],
  ['no list of parts', avifOf({ ...plain, replaced: { iinf: Buffer.alloc(0) } }), /lacks a part/],
  ['no main image', avifOf({ ...plain, primary: 9 }), /lacks a part/],
  ['a number that is cut', replace('pitm', uint(1, 1)), /too short/],
  ['a name without end', replace('iinf', uint(1, 2), full('infe', 0x2000000, uint(1, 2), uint(0, 2), 'av01')), /without end/],
  ['a list of other parts', replace('iinf', uint(1, 2), full('abcd', 0x2000000)), /cannot be read/],
  ['a list of an old version', replace('iinf', uint(1, 2), full('infe', 0, uint(1, 2), uint(0, 2), '\0')), /cannot be read/],
  ['too many parts',
    replace('iinf', uint(1, 2), ...Array.from({ length: 2001 }, (_, id) => full('infe', 0x2000000, uint(id, 2), uint(0, 2), 'av01\0'))),
    /cannot be read/],
  ['an encrypted image', replace('iinf', uint(1, 2), full('infe', 0x2000000, uint(1, 2), uint(1, 2), 'av01\0')), /encrypted/],
  ['data in another file', oneLocation(uint(1, 2), uint(0, 2)), /outside of the file/],
  ['data in another item',
    avifOf({ ...plain, replaced: { iloc: full('iloc', 0x1000000, uint(0x4400, 2), uint(1, 2), uint(1, 2), uint(2, 2), uint(0, 2)) } }),
    /outside of the file/],
  ['data beside descriptions that have none', avifOf({
    ...plain,
    replaced: {
      iloc: full('iloc', 0x1000000, uint(0x4400, 2),
        uint(1, 2), uint(1, 2), uint(1, 2), uint(0, 2), uint(1, 2), uint(0, 4), uint(9, 4))
    }
  }), /wrong length/],
  ['data without length', oneLocation(uint(0, 2), uint(1, 2), uint(0, 4), uint(0, 4)), /wrong length/],
  ['too many extents',
    oneLocation(uint(0, 2), uint(4001, 2), ...Array.from({ length: 4001 }, () => Buffer.concat([uint(0, 4), uint(1, 4)]))), /wrong length/],
  ['data behind the end', oneLocation(uint(0, 2), uint(1, 2), uint(0xffffffff, 4), uint(9, 4)), /ends before/],
  ['no data', oneLocation(uint(0, 2), uint(0, 2)), /no pixels/],
  ['a size of zero', avifOf({ ...plain, properties: [configuration, extent(0, 48), channels] }), /zero/],
  ['another size than its pixels', avifOf({ ...plain, properties: [configuration, extent(64, 49), channels] }), /another size/],
  ['another width than its pixels', avifOf({ ...plain, properties: [configuration, extent(63, 48), channels] }), /another size/],
  ['an unknown property that decoders need',
    avifOf({ ...plain, items: [{ ...image, links: [-1, 2, -4] }], properties: [...plain.properties, box('clap', Buffer.alloc(32))] }),
    /browsers do not support/],
  ['pixels of HEIC', avifOf({ ...plain, items: [{ ...image, type: 'hvc1' }] }), /coded in a way/],
  ['a grid that is too short', gridFile(grid.subarray(0, 7)), /cannot be read/],
  ['a grid with fewer tiles than it needs', gridFile(grid, { tiles: [2] }), /lacks tiles/],
  ['a grid that repeats a tile', gridFile(grid, { tiles: [2, 2] }), /lacks tiles/],
  ['a grid in a grid', gridFile(grid, { items: [tile, { ...tile, type: 'grid' }] }), /lacks tiles|cannot be read/],
  ['a grid of another width than its header', gridFile(grid, { width: 99 }), /another size/],
  ['a grid of another height than its header', gridFile(gridOf(1, 2, { width: 100, height: 39 })), /another size/],
  ['a grid whose tiles are far larger than its image',
    gridFile(gridOf(1, 2, { width: 10, height: 40 }), { width: 10 }), /more tiles than it needs/]
]

t.test('files that decoders refuse, or that cost too much, are refused', async (t) => {
  for (const [title, avif, message] of cases) await t.rejects(inspectAvif(bytesSource(avif)), { kind: 'broken', message }, title)
})

t.test('items that share their data are refused, because their copies would exceed the upload', async (t) => {
  const shared = gridFile(grid)
  const start = shared.length - 2 * codedImage.length
  const [first, second] = [uint(start, 4), uint(start + codedImage.length, 4)]
  const at = shared.indexOf(second)
  t.ok(shared.includes(first) && at > 0)
  first.copy(shared, at)
  await t.rejects(inspectAvif(bytesSource(shared.subarray(0, start + codedImage.length))), { kind: 'broken', message: /overlap/ })
})

t.test('an image with a side that is too long is refused', async (t) => {
  const huge = avifOf({ ...plain, properties: [configuration, extent(70_000, 70_000), channels] })
  await t.rejects(inspectAvif(bytesSource(huge)), { kind: 'too_large', message: /claims/ })
})
