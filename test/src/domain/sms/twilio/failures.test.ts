import t from 'tap'
import type { SmsFailure } from '../../../../../src/domain/sms/failures.ts'
import { classifyTwilioFailure } from '../../../../../src/domain/sms/twilio/failures.ts'

type Row = [status: number, code: number | undefined]

const expected: Record<Exclude<SmsFailure, 'unreachable' | 'closed'>, Row[]> = {
  busy: [[429, 20429], [429, undefined], [429, 21611], [400, 21611], [400, 20429], [400, 30001], [429, 21211]],
  ambiguous: [[500, 20500], [502, undefined], [503, 20503], [599, undefined], [408, undefined], [400, 20500], [500, 21211]],
  sender: [
    [401, 20003], [403, 20003], [401, undefined], [404, 20404], [404, undefined], [400, 21606], [400, 21212],
    [400, 21608], [400, 30002], [400, 30032],
    [400, 30034], [400, 21659], [400, 21660], [400, 21661], [400, 21703], [400, 21705],
    [400, 30018], [400, 30024], [400, 30033], [400, 30037], [400, 30040]
  ],
  recipient: [
    [400, 21211], [400, 21614], [400, 21610], [403, 21610], [404, 21211], [400, 21265], [400, 21268], [400, 21635],
    [400, 30004], [400, 30005], [400, 30006], [400, 30038]
  ],
  channel: [[400, 63003], [400, 63024], [400, 63016], [400, 63007], [404, 63003], [400, 63999]],
  refused: [
    [400, 62999], [400, 64000],
    [400, 21408], [400, 21612], [400, 30007], [400, 21617], [400, 21602], [400, 99_999], [400, undefined],
    [403, undefined], [403, 99_999], [405, undefined],
    [422, undefined], [499, undefined], [300, undefined], [302, undefined], [307, undefined]
  ]
}

for (const [failure, rows] of Object.entries(expected)) {
  t.test(`these replies are classified as ${failure}`, async (t) => {
    for (const [status, code] of rows) t.equal(classifyTwilioFailure({ status, code }), failure, `status ${status}, code ${code ?? 'none'}`)
  })
}
