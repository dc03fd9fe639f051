import { isDeepStrictEqual } from 'node:util'
import fc from 'fast-check'
import t from 'tap'
import { decodeDatedCursor, decodeScheduleCursor, encodeDatedCursor, encodeScheduleCursor } from '../../../../src/domain/http/cursors.ts'

const date = fc.date({
  min: new Date('0001-01-01'), max: new Date('9999-12-31'), noInvalidDate: true
}).map((moment) => moment.toISOString().slice(0, 10))
const id = fc.maxSafeNat()

t.test('decoding a cursor returns the encoded position', async (t) => {
  fc.assert(fc.property(fc.record({ date: fc.option(date), id }), (position) =>
    isDeepStrictEqual(decodeDatedCursor(encodeDatedCursor(position)), { ...position })))
  const zone = fc.constantFrom('UTC', 'Asia/Kolkata', 'America/Argentina/Ushuaia', 'asia/KOLKATA')
  fc.assert(fc.property(fc.record({ today: date, timeZone: zone, beforeToday: id, beforeTomorrow: id }), (position) =>
    isDeepStrictEqual(decodeScheduleCursor(encodeScheduleCursor(position)), { ...position })))
  t.pass('the property holds for every position')
})

t.test('any other text is not decoded', async (t) => {
  const [own, schedule] = [encodeDatedCursor({ date: null, id: 7 }), encodeScheduleCursor({
    today: '2030-01-01', timeZone: 'UTC', beforeToday: 7, beforeTomorrow: 1
  })]
  t.equal(decodeDatedCursor(schedule), undefined)
  t.equal(decodeScheduleCursor(own), undefined)
  for (const cursor of [own, schedule]) {
    for (const other of [`${cursor}=`, `${cursor}A`, ` ${cursor}`, `${cursor}\n`, cursor.slice(1), '']) {
      t.equal(decodeDatedCursor(other), undefined)
      t.equal(decodeScheduleCursor(other), undefined)
    }
  }
  for (const text of [
    'draft 07', 'draft 1e3', 'draft -1', 'draft 1 ', 'Draft 1', '2030-02-30 1', 'draft 9007199254740993'
  ]) t.equal(decodeDatedCursor(Buffer.from(text).toString('base64url')), undefined, text)
  fc.assert(fc.property(fc.string(), (text) => decodeDatedCursor(text) === undefined && decodeScheduleCursor(text) === undefined))
})
