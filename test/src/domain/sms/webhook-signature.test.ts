import { randomBytes } from 'node:crypto'
import t from 'tap'
import { parseWebhookSecret, webhookHeaders } from '../../../../src/domain/sms/webhook-signature.ts'

t.test('the signature equals that of the example in the standard', async (t) => {
  const key = parseWebhookSecret('whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw')
  const headers = webhookHeaders([key ?? Buffer.alloc(0)], {
    id: 'msg_p5jXN8AQM9LWM0D4loKWxJek', timestamp: 1_614_265_330, body: '{"test": 2432232314}'
  })
  t.same(headers, {
    'webhook-id': 'msg_p5jXN8AQM9LWM0D4loKWxJek',
    'webhook-timestamp': '1614265330',
    'webhook-signature': 'v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE='
  })
})

t.test('a secret is whsec_ and base64 of 24 to 64 bytes', async (t) => {
  for (const length of [24, 25, 32, 63, 64]) {
    const key = randomBytes(length)
    t.same(parseWebhookSecret(`whsec_${key.toString('base64')}`), key, `${length} bytes`)
    t.same(parseWebhookSecret(`whsec_${key.toString('base64').replace(/=+$/, '')}`), key, `${length} bytes without padding`)
  }
  const text = randomBytes(32).toString('base64')
  const none = [
    '', 'whsec_', text, `whsk_${text}`, `WHSEC_${text}`, `whsec_${randomBytes(23).toString('base64')}`,
    `whsec_${randomBytes(65).toString('base64')}`,
    `whsec_ ${text}`, `whsec_${text}\n`, `whsec_${'-'.repeat(40)}`, `whsec_${'ä'.repeat(40)}`
  ]
  for (const secret of none) t.equal(parseWebhookSecret(secret), undefined, JSON.stringify(secret))
})
