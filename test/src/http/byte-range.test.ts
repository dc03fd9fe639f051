import fc from 'fast-check'
import t from 'tap'
import { parseRange } from '../../../src/http/byte-range.ts'

const etag = '"tag"'
const ask = (range: string | undefined, byteCount = 10, ifRange?: string) => parseRange({ range, ifRange }, { byteCount, etag })

t.test('a single range is clipped to the existing bytes', async (t) => {
  const rows: Array<[string, { start: number, end: number }]> = [
    ['bytes=0-0', { start: 0, end: 0 }], ['bytes=0-', { start: 0, end: 9 }], ['bytes=-1', { start: 9, end: 9 }],
    ['bytes=-10', { start: 0, end: 9 }],
    ['bytes=-999999999999999999999', { start: 0, end: 9 }], ['bytes=9-9', { start: 9, end: 9 }],
    ['bytes=3-999999999999999999999', { start: 3, end: 9 }],
    ['Bytes= 1-2 ', { start: 1, end: 2 }], ['bytes=000-001', { start: 0, end: 1 }]
  ]
  for (const [range, part] of rows) t.same(ask(range), part, range)
})

t.test('a range that begins after the last byte is unsatisfiable', async (t) => {
  for (const range of [
    'bytes=10-', 'bytes=10-11', 'bytes=-0', 'bytes=99999999999999999999999-'
  ]) t.equal(ask(range), 'unsatisfiable', range)
})

t.test('any other Range header selects the whole image', async (t) => {
  for (const range of [
    undefined,
    '',
    'bytes',
    'bytes=',
    'bytes=-',
    'bytes=2-1',
    'bytes=0-1,2-3',
    'bytes=a-',
    'bytes=1-b',
    'bytes=+1-2',
    'bytes=1.5-2',
    'items=0-1',
    'bytes 0-1',
    'bytes=0-1\n2'
  ]) {
    t.equal(ask(range), undefined, String(range))
  }
})

t.test('If-Range matches only the strong tag of this state', async (t) => {
  t.same(ask('bytes=0-1', 10, etag), { start: 0, end: 1 })
  for (const other of [
    'W/"tag"', '"other"', 'tag', '', '*', 'Thu, 21 Nov 2030 10:00:00 GMT'
  ]) t.equal(ask('bytes=0-1', 10, other), undefined, other)
  t.equal(ask('bytes=10-', 10, '"other"'), undefined, 'an unsatisfiable range with another tag returns the whole image')
})

t.test('every range lies within the image, for any header', async (t) => {
  const header = fc.oneof(fc.string(), fc.tuple(fc.nat(), fc.nat())
    .map(([start, end]) => `bytes=${start}-${end}`), fc.nat().map((length) => `bytes=-${length}`))
  fc.assert(fc.property(header, fc.integer({ min: 1, max: 1e7 }), (range, byteCount) => {
    const part = ask(range, byteCount)
    return part === undefined || part === 'unsatisfiable' || (part.start >= 0 && part.start <= part.end && part.end < byteCount)
  }))
  t.pass('the property holds for every header')
})
