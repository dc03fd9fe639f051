import t from 'tap'
import { statusCallbackUrl } from '../../../../../plugins/sms/providers/twilio/status-callback.ts'

t.test('a status callback names the delivery and asks for retries in its fragment', async (t) => {
  const url = new URL(statusCallbackUrl('https://login.example.com/sms', 'aB3-_'))
  t.equal(`${url.origin}${url.pathname}${url.search}`, 'https://login.example.com/sms/webhooks/twilio/status?delivery=aB3-_')
  t.equal(url.hash, '#rc=3&rp=ct,rt,5xx')
})
