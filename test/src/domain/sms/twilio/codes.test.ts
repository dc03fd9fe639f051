import t from 'tap'
import type { DeliveryReason } from '../../../../../src/domain/sms/delivery-reasons.ts'
import { findTwilioReason } from '../../../../../src/domain/sms/twilio/codes.ts'

const cases: Array<[number, DeliveryReason]> = [
  [21211, 'number_invalid'], [21614, 'number_invalid'], [21635, 'number_invalid'], [30005, 'number_invalid'], [30006, 'number_invalid'],
  [30038, 'number_invalid'],
  [30003, 'number_unreachable'],
  [21610, 'opted_out'],
  [30004, 'blocked'], [30007, 'blocked'], [30450, 'blocked'], [30453, 'blocked'],
  [21408, 'country_not_served'], [21612, 'country_not_served'],
  [63000, 'whatsapp_failed'], [63003, 'whatsapp_failed'], [63016, 'whatsapp_failed'], [63024, 'whatsapp_failed'], [63999, 'whatsapp_failed'],
  [62999, 'not_sent'], [64000, 'not_sent'],
  [30036, 'expired'],
  [20003, 'not_sent'], [21606, 'not_sent'], [30001, 'not_sent'], [30008, 'not_sent'], [30034, 'not_sent'],
  [99999, 'not_sent'], [NaN, 'not_sent']
]

t.test('Twilio\'s error codes map to reasons', async (t) => {
  for (const [code, reason] of cases) t.equal(findTwilioReason(code), reason, `${code}: ${reason}`)
})
