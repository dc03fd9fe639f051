import t from 'tap'
import { askCarrier, basic, openCarrier, type CarrierRequest } from '../../support/carrier.ts'

const to = '+918123456789'
const form = { To: to, From: '+15005550006', Body: 'Cheershare: your code is 123456.' }
const { To: _to, ...withoutTo } = form
const { From: _from, ...withoutFrom } = form
const { Body: _body, ...withoutBody } = form

t.test('an accepted message is returned as Twilio\'s resource', async (t) => {
  const seen: string[] = []
  const carrier = await openCarrier(t, { now: () => Date.UTC(2026, 10, 21, 9, 30), onMessage: ({ body }) => seen.push(body) })
  const { status, body } = await askCarrier(carrier, { form })
  t.equal(status, 201)
  t.match(body, {
    sid: /^SM[0-9a-f]{32}$/,
    account_sid: carrier.accountSid,
    to,
    from: form.From,
    body: form.Body,
    status: 'queued',
    direction: 'outbound-api',
    date_created: 'Sat, 21 Nov 2026 09:30:00 +0000',
    date_sent: null,
    error_code: null,
    uri: `/2010-04-01/Accounts/${carrier.accountSid}/Messages/${String(body['sid'])}.json`
  })
  t.same(seen, [form.Body])
  t.match(carrier.messages(), [{ sid: body['sid'], to, from: form.From, body: form.Body, received_at: '2026-11-21T09:30:00.000Z' }])
})

t.test('a messaging service may replace the sender', async (t) => {
  const carrier = await openCarrier(t)
  const { status } = await askCarrier(carrier, { form: { ...withoutFrom, MessagingServiceSid: 'MG0123' } })
  t.equal(status, 201)
  t.equal(carrier.messages()[0]?.from, 'MG0123')
})

t.test('messages are fetched by id, and listed newest first, all or for one number', async (t) => {
  const carrier = await openCarrier(t)
  const first = await askCarrier(carrier, { form })
  const second = await askCarrier(carrier, { form: { ...form, To: '+918123456780' } })
  const fetched = await askCarrier(carrier, { path: `/Messages/${String(first.body['sid'])}.json` })
  t.equal(fetched.status, 200)
  t.match(fetched.body, { sid: first.body['sid'], status: 'delivered', date_sent: String })
  const all = await askCarrier(carrier, {})
  t.match(all.body, { messages: [{ sid: second.body['sid'] }, { sid: first.body['sid'] }], page: 0, page_size: 50 })
  const some = await askCarrier(carrier, { path: `/Messages.json?To=${encodeURIComponent(to)}` })
  t.match(some.body, { messages: [{ sid: first.body['sid'] }], page_size: 50 })
})

const refusals: Array<[string, CarrierRequest, number, number]> = [
  ['wrong token', { form, headers: { authorization: basic('AC0', 'wrong') } }, 401, 20003],
  ['another scheme', { form, headers: { authorization: 'Bearer token' } }, 401, 20003],
  ['empty Authorization', { form, headers: { authorization: '' } }, 401, 20003],
  ['wrong token on a list', { headers: { authorization: basic('AC0', 'wrong') } }, 401, 20003],
  ['another account', { form, account: 'AC00000000000000000000000000000000' }, 404, 20404],
  ['another account on a list', { account: 'AC00000000000000000000000000000000' }, 404, 20404],
  ['unknown message', { path: '/Messages/SM00000000000000000000000000000000.json' }, 404, 20404],
  ['no To', { form: withoutTo }, 400, 21604],
  ['empty To', { form: { ...form, To: '' } }, 400, 21604],
  ['an empty form', { form: {} }, 400, 21604],
  ['a national number', { form: { ...form, To: '8123456789' } }, 400, 21211],
  ['a number that begins with zero', { form: { ...form, To: '+018123456789' } }, 400, 21211],
  ['a number that is too long', { form: { ...form, To: '+9181234567890123' } }, 400, 21211],
  ['text for a number', { form: { ...form, To: 'somebody' } }, 400, 21211],
  ['no sender', { form: withoutFrom }, 400, 21603],
  ['empty From', { form: { ...form, From: '' } }, 400, 21603],
  ['no body', { form: withoutBody }, 400, 21602],
  ['empty body', { form: { ...form, Body: '' } }, 400, 21602],
  ['1,601 characters', { form: { ...form, Body: 'x'.repeat(1601) } }, 400, 21617]
]

for (const [what, request, status, code] of refusals) {
  t.test(`${what}: answers ${status} with code ${code} and does not accept the message`, async (t) => {
    const carrier = await openCarrier(t)
    const reply = await askCarrier(carrier, request)
    t.equal(reply.status, status)
    t.match(reply.body, { code, status, message: /\w/, more_info: `https://www.twilio.com/docs/errors/${code}` })
    t.same(carrier.messages(), [])
  })
}

t.test('1,600 characters are accepted', async (t) => {
  const carrier = await openCarrier(t)
  t.equal((await askCarrier(carrier, { form: { ...form, Body: 'x'.repeat(1600) } })).status, 201)
})

t.test('a POST without a form answers 400, not a crash', async (t) => {
  const carrier = await openCarrier(t)
  const response = await fetch(`${carrier.url}/2010-04-01/Accounts/${carrier.accountSid}/Messages.json`, {
    method: 'POST', headers: { authorization: basic(carrier.accountSid, carrier.authToken) }
  })
  t.equal(response.status, 400)
  t.match(await response.json(), { code: 21604 })
})
