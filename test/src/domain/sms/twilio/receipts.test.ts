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
      ...base, status: 'failed', reason: 'number_invalid'
    }, word)
  }
  t.strictSame(read('failed'), { ...base, status: 'failed', reason: 'not_sent' })
  for (const word of ['queued', 'accepted', 'scheduled', 'sending', 'Delivered', '']) t.equal(read(word), undefined, word)
})

t.test('a receipt without a delivery id is parsed without it', async (t) => {
  t.strictSame(readTwilioReceipt({ MessageSid: 'SM1', MessageStatus: 'sent' }, undefined), {
    provider: 'twilio', messageId: 'SM1', status: 'sent'
  })
})
