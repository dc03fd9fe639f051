import t from 'tap'
import { DerivativePlan } from '../../../../../src/domain/creatives/images/derivative-plan.ts'
import { createScanRepair } from '../../../../../src/domain/creatives/images/jpeg-repair.ts'

const stray = (count: number, marker: string) => `VipsJpeg: Corrupt JPEG data: ${count} extraneous bytes before marker 0x${marker}`
const cut = 'VipsJpeg: Corrupt JPEG data: premature end of data segment'
const table = 0xc4
const end = 0xd9

function createRepair (scans: Array<[number, number]>) {
  const plan = new DerivativePlan()
  plan.copy(0, 1000)
  const repair = createScanRepair(plan, scans.map(([at, next]) => ({ end: at, next })))
  return (report: string) => repair(report)?.pieces
}

t.test('the bytes that a decoder reports are cut off from the scan before the marker', async (t) => {
  const repair = createRepair([[100, table], [200, end]])
  t.same(repair(stray(9, 'd9')), [{ start: 0, end: 191 }, { start: 200, end: 1000 }])
  t.same(repair(stray(2, 'd9')), [{ start: 0, end: 189 }, { start: 200, end: 1000 }], 'a cut that is too short is extended')
  t.equal(repair(cut), undefined, 'no other scan precedes this marker')
})

t.test('scans before the same marker are tried in order, and mended one after the other', async (t) => {
  const repair = createRepair([[100, table], [200, table], [300, table], [400, end]])
  t.same(repair(stray(5, 'c4')), [{ start: 0, end: 95 }, { start: 100, end: 1000 }])
  t.same(repair(cut), [{ start: 0, end: 195 }, { start: 200, end: 1000 }], 'the first scan lost data, so it was another one')
  t.same(repair(stray(7, 'd9')), [{ start: 0, end: 195 }, { start: 200, end: 393 }, { start: 400, end: 1000 }])
  t.equal(repair(cut), undefined)
})

t.test('a report of another kind is not mended, and attempts are limited', async (t) => {
  t.equal(createRepair([[100, end]])(cut), undefined)
  t.equal(createRepair([[100, end]])(''), undefined)
  t.equal(createRepair([[100, end]])(stray(5, 'c4')), undefined, 'no scan precedes the marker')
  const repair = createRepair([[500, end]])
  for (let attempt = 0; attempt < 8; attempt++) t.ok(repair(stray(1, 'd9')))
  t.equal(repair(stray(1, 'd9')), undefined)
})
