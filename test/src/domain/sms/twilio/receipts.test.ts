import t from 'tap'
import { readTwilioReceipt } from '../../../../../src/domain/sms/twilio/receipts.ts'

t.test('Twilio\'s statuses are parsed', async (t) => {
  const read = (MessageStatus: string, ErrorCode?: string) =>
    readTwilioReceipt({ MessageSid: 'SM1', MessageStatus, ...(ErrorCode === undefined ? {} : { ErrorCode }) }, 'id')
  const base = { deliveryId: 'id', provider: 'twilio', messageId: 'SM1' }
  for (const [word, status] of [
    ['sent', 'sent'], ['delivered', 'delivered'], ['read', 'delivered']
  ] as const) t.strictSame(read(word, '30003'), { ...base, status }, word)
  for (const word of ['undelivered', 'failed', 'canceled']) {
    t.strictSame(read(word, '30005'), {
      ...base, status: 'failed', reason: 'number_invalid', carrierCode: 30005
    }, word)
  }
  t.strictSame(read('failed'), { ...base, status: 'failed', reason: 'not_sent' })
  for (const word of ['queued', 'accepted', 'scheduled', 'sending', 'Delivered', '']) t.equal(read(word), undefined, word)
})

for (const [code, fault] of [
  ['30034', { carrierCode: 30034, isSenderFault: true }], ['30032', { carrierCode: 30032, isSenderFault: true }],
  ['30002', { carrierCode: 30002, isSenderFault: true }], ['30033', { carrierCode: 30033, isSenderFault: true }],
  ['30018', { carrierCode: 30018, isSenderFault: true }], ['30024', { carrierCode: 30024, isSenderFault: true }],
  ['30037', { carrierCode: 30037, isSenderFault: true }], ['30040', { carrierCode: 30040, isSenderFault: true }],
  ['21606', { carrierCode: 21606, isSenderFault: true }], ['21703', { carrierCode: 21703, isSenderFault: true }],
  ['30003', { carrierCode: 30003 }], ['30007', { carrierCode: 30007 }], ['30008', { carrierCode: 30008 }],
  ['30038', { carrierCode: 30038 }], ['30450', { carrierCode: 30450 }], ['21610', { carrierCode: 21610 }],
  ['63016', { carrierCode: 63016 }], ['99999', { carrierCode: 99_999 }],
  ['', {}], ['0', {}], ['x', {}], ['3003', {}], ['030034', {}], ['30034 ', {}], ['1e4', {}], ['300341', {}], ['-30034', {}]
] as const) {
  t.test(`the error code "${code}" of a receipt blames the sender exactly as in a reply`, async (t) => {
    const { reason: _reason, ...read } = readTwilioReceipt({ MessageSid: 'SM1', MessageStatus: 'undelivered', ErrorCode: code }, 'id') ?? {}
    t.strictSame(read, { deliveryId: 'id', provider: 'twilio', messageId: 'SM1', status: 'failed', ...fault })
    t.strictSame(readTwilioReceipt({ MessageSid: 'SM1', MessageStatus: 'delivered', ErrorCode: code }, 'id'), {
      deliveryId: 'id', provider: 'twilio', messageId: 'SM1', status: 'delivered'
    })
  })
}

t.test('a receipt without a delivery id is parsed without it', async (t) => {
  t.strictSame(readTwilioReceipt({ MessageSid: 'SM1', MessageStatus: 'sent' }, undefined), {
    provider: 'twilio', messageId: 'SM1', status: 'sent'
  })
})
