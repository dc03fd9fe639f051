import t from 'tap'
import { createGammaMap, readGammaColours } from '../../../../../src/domain/creatives/images/gamma.ts'

const uint32s = (...values: number[]) => Buffer.concat(values.map((value) => {
  const bytes = Buffer.alloc(4)
  bytes.writeUInt32BE(value)
  return bytes
}))
const srgb = uint32s(31_270, 32_900, 64_000, 33_000, 30_000, 60_000, 15_000, 6000)
const adobe = uint32s(31_270, 32_900, 64_000, 33_000, 21_000, 71_000, 15_000, 6000)
/** Primaries of sRGB with the warmer white of D50. */
const warm = uint32s(34_567, 35_850, 64_000, 33_000, 30_000, 60_000, 15_000, 6000)

function map (gamma: number, pixel: number[], primaries?: Buffer): number[] {
  const colours = readGammaColours(uint32s(gamma), primaries)
  if (colours === undefined) throw new Error('the colours need no change')
  const bytes = Uint8Array.from(pixel)
  createGammaMap(colours)(bytes, pixel.length === 4 ? 4 : 3)
  return [...bytes]
}

t.test('colours that are meant to be shown as they are need no change', async (t) => {
  for (const primaries of [undefined, srgb]) t.equal(readGammaColours(uint32s(45_455), primaries), undefined)
  t.equal(readGammaColours(uint32s(0)), undefined, 'an impossible gamma')
})

t.test('values become light by the gamma, and light becomes sRGB', async (t) => {
  // sRGB shows light of 0.5 as 188, and of 0.216 as 128.
  t.same(map(100_000, [0, 128, 255]), [0, 188, 255])
  t.same(map(100_000, [55, 55, 55, 7]), [128, 128, 128, 7])
  t.same(map(55_556, [0, 128, 255], srgb), map(55_556, [0, 128, 255]), 'the primaries of sRGB change nothing')
})

t.test('colours of other primaries are converted, and grey stays grey under each white', async (t) => {
  const [red = 0, green = 0, blue = 0] = map(45_455, [100, 200, 100], adobe)
  t.ok(red < 100 && green >= 198 && blue >= 85, 'a green of Adobe RGB is more saturated in sRGB')
  for (const primaries of [adobe, warm]) {
    const grey = map(45_454, [150, 150, 150], primaries)
    t.ok(grey.every((value) => Math.abs(value - 150) <= 2), `grey: ${grey.join()}`)
  }
})

t.test('impossible primaries count as those of sRGB', async (t) => {
  t.same(map(100_000, [10, 128, 200], Buffer.alloc(32)), map(100_000, [10, 128, 200]))
  const line = uint32s(31_270, 32_900, 30_000, 30_000, 30_000, 30_000, 30_000, 30_000)
  t.same(map(100_000, [10, 128, 200], line), map(100_000, [10, 128, 200]))
})
