import t from 'tap'
import { createToneMap, readHdrColours } from '../../../../../src/domain/creatives/images/hdr.ts'

const colours = (primaries: number, transfer: number) => readHdrColours(Buffer.from([primaries, transfer, 0, 1]))

function map (primaries: number, transfer: number, pixel: number[]): number[] {
  const found = colours(primaries, transfer)
  if (found === undefined) throw new Error('the colours are not HDR')
  const bytes = Uint8Array.from(pixel)
  createToneMap(found)(bytes, pixel.length === 4 ? 4 : 3)
  return [...bytes]
}

t.test('PQ and HLG are recognised, with common primaries', async (t) => {
  for (const primaries of [1, 9, 12]) {
    t.equal(colours(primaries, 16)?.transfer, 'pq')
    t.equal(colours(primaries, 18)?.transfer, 'hlg')
  }
  for (const [primaries, transfer] of [[1, 13], [9, 1], [5, 16], [0, 0]] as const) t.equal(colours(primaries, transfer), undefined)
})

t.test('black stays black, grey stays grey, and 1000 cd/m² become white', async (t) => {
  for (const primaries of [1, 9, 12]) {
    for (const transfer of [16, 18]) {
      t.same(map(primaries, transfer, [0, 0, 0]), [0, 0, 0])
      const grey = map(primaries, transfer, [128, 128, 128])
      t.ok(Math.max(...grey) - Math.min(...grey) <= 1, `grey: ${grey.join()}`)
      t.same(map(primaries, transfer, [255, 255, 255]), [255, 255, 255])
    }
    // 0.7518 of the PQ scale is 1000 cd/m², and 0.5807 is the white of SDR screens.
    t.ok(map(primaries, 16, [192, 192, 192]).every((value) => value >= 254), 'the peak')
    t.ok(map(primaries, 16, [148, 148, 148]).every((value) => value >= 185 && value <= 200), 'white of SDR keeps room above it')
  }
})

t.test('colours beyond sRGB are clipped, and alpha stays', async (t) => {
  t.same(map(9, 16, [0, 192, 0, 77]), [0, 255, 0, 77])
  t.same(map(12, 18, [255, 0, 0, 0]), [255, 0, 0, 0])
})
