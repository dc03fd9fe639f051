import t from 'tap'
import { readAv1Size } from '../../../../../src/domain/creatives/images/av1.ts'
import { bytesSource } from '../../../../fixtures/image-parts.ts'
import { codedImage } from '../../../../fixtures/avif-samples.ts'

/** Writes bits, given as texts, into whole bytes. */
const bits = (...parts: string[]): Buffer =>
  Buffer.from((parts.join('').match(/.{1,8}/g) ?? []).map((byte) => parseInt(byte.padEnd(8, '0'), 2)))
const binary = (value: number, length: number) => value.toString(2).padStart(length, '0')
const sides = (width: number, height: number) => `${binary(15, 4)}${binary(15, 4)}${binary(width - 1, 16)}${binary(height - 1, 16)}`
const sizeOf = async (...units: Buffer[]) => await readAv1Size(bytesSource(Buffer.concat(units)))

/** Writes a unit with its length, in as many bytes as it needs. */
function unit (type: number, content: Buffer): Buffer {
  const length = content.length < 128 ? [content.length] : [content.length % 128 + 128, content.length >> 7]
  return Buffer.concat([Buffer.from([(type << 3) | 2, ...length]), content])
}
const reduced = unit(1, bits('000', '1', '1', '00000', sides(1000, 500)))
const frame = unit(6, Buffer.alloc(200))

t.test('the size is read from the header of the coded image', async (t) => {
  const size = { width: 1000, height: 500 }
  t.same(await readAv1Size(bytesSource(codedImage)), { width: 64, height: 48 }, 'the encoder')
  t.same(await sizeOf(reduced, frame), size, 'a header of still images')
  const point = (level: number, rest = '') => `${binary(0, 12)}${binary(level, 5)}${rest}`
  t.same(await sizeOf(unit(1, bits('000', '1', '0', '0', '0', binary(0, 5), point(4), sides(1000, 500))), frame), size, 'a full header')
  const twoPoints = bits('000', '0', '0', '0', '0', binary(1, 5), point(8, '0'), point(7), sides(1000, 500))
  t.same(await sizeOf(unit(1, twoPoints), frame), size, 'two operating points')
  const delays = bits('000', '0', '0', '0', '1', binary(1, 5), point(4, '11010'), point(4, '0'), sides(1000, 500))
  t.same(await sizeOf(unit(1, delays), frame), size, 'delays')
  t.same(await sizeOf(Buffer.from([0x12, 0]), reduced, frame, unit(15, Buffer.alloc(9))), size, 'other units')
  t.same(await sizeOf(reduced, Buffer.from([0x34, 0x00, 1, 2, 3])), size, 'an extension, and no length in the last unit')
})

t.test('a film or a broken image is refused', async (t) => {
  const film = /holds a film/
  const cases: Array<[string, Buffer[], RegExp]> = [
    ['nothing', [], /no pixels/],
    ['no header', [frame], /no pixels/],
    ['no frame', [reduced], /no pixels/],
    ['two headers', [reduced, reduced, frame], /two headers/],
    ['five frames', [reduced, frame, frame, frame, frame, frame], film],
    ['five headers of frames', [reduced, ...Array.from({ length: 5 }, () => unit(3, Buffer.alloc(3)))], film],
    ['a list of tiles', [reduced, unit(8, Buffer.alloc(3))], film],
    ['too many units', [reduced, ...Array.from({ length: 10_001 }, () => Buffer.from([0x7a, 0]))], film],
    ['a header that is cut', [unit(1, bits('000', '1', '1', '00000', '1111')), frame], /too short/],
    ['a frame rate', [unit(1, bits('000', '0', '0', '1', binary(0, 64))), frame], film],
    ['a forbidden bit', [reduced, Buffer.from([0x80, 0])], /wrong length/],
    ['a unit that is cut', [reduced, frame.subarray(0, -1)], /wrong length/],
    ['a length without end', [reduced, Buffer.from([0x32, 0xff])], /wrong length/],
    ['a length that is too large', [reduced, Buffer.from([0x32, ...Array.from({ length: 9 }, () => 0xff)])], /wrong length/]
  ]
  for (const [title, units, message] of cases) await t.rejects(sizeOf(...units), { kind: 'broken', message }, title)
})
