import { isDeepStrictEqual } from 'node:util'
import fc from 'fast-check'
import t from 'tap'
import { readOwnCursor, readScheduleCursor, writeOwnCursor, writeScheduleCursor } from '../../../../src/domain/http/cursors.ts'

const date = fc.date({ min: new Date('0001-01-01'), max: new Date('9999-12-31'), noInvalidDate: true }).map((moment) => moment.toISOString().slice(0, 10))
const id = fc.maxSafeNat()

t.test('a cursor is read as it was written', async (t) => {
  fc.assert(fc.property(fc.record({ date: fc.option(date), id }), (place) => isDeepStrictEqual(readOwnCursor(writeOwnCursor(place)), { ...place })))
  const zone = fc.constantFrom('UTC', 'Asia/Kolkata', 'America/Argentina/Ushuaia', 'asia/KOLKATA')
  fc.assert(fc.property(fc.record({ today: date, timeZone: zone, beforeToday: id, beforeTomorrow: id }), (place) =>
    isDeepStrictEqual(readScheduleCursor(writeScheduleCursor(place)), { ...place })))
  t.pass('held for every place')
})

t.test('anything else is no cursor', async (t) => {
  const [own, schedule] = [writeOwnCursor({ date: null, id: 7 }), writeScheduleCursor({ today: '2030-01-01', timeZone: 'UTC', beforeToday: 7, beforeTomorrow: 1 })]
  t.equal(readOwnCursor(schedule), undefined)
  t.equal(readScheduleCursor(own), undefined)
  for (const cursor of [own, schedule]) {
    for (const other of [`${cursor}=`, `${cursor}A`, ` ${cursor}`, `${cursor}\n`, cursor.slice(1), '']) {
      t.equal(readOwnCursor(other), undefined)
      t.equal(readScheduleCursor(other), undefined)
    }
  }
  for (const text of ['draft 07', 'draft 1e3', 'draft -1', 'draft 1 ', 'Draft 1', '2030-02-30 1', 'draft 9007199254740993']) t.equal(readOwnCursor(Buffer.from(text).toString('base64url')), undefined, text)
  fc.assert(fc.property(fc.string(), (text) => readOwnCursor(text) === undefined && readScheduleCursor(text) === undefined))
})
